import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { type SecureContextOptions, TLSSocket } from "node:tls";

/** What a listener that is no Postgres asks whoever connects to it. */
export type Greeting =
  | "the password in clear"
  | "the password's MD5"
  | "nothing"
  | "SCRAM, and lets in without its end"
  | "SCRAM, then the password in clear"
  | "SCRAM, with a signature of its own";

const SSL_REQUEST = 80877103;
const SALT = "saltsaltsaltsalt";

const numbered = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const message = (type: string, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(type), numbered(body.length + 4), body]);
const authentication = (code: number, body = ""): Buffer =>
  message("R", Buffer.concat([numbered(code), Buffer.from(body)]));

const IN_CLEAR = authentication(3);
const AS_MD5 = authentication(5, "salt");
const SASL = authentication(10, "SCRAM-SHA-256\0\0");
const WELCOME = Buffer.concat([authentication(0), message("Z", Buffer.from("I"))]);

/** Listens on this machine as a tunnel would, asks for what it likes and keeps what it is told. */
export class Impostor {
  private readonly chunks: Buffer[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;

  private constructor(
    private readonly greeting: Greeting,
    private readonly certificate: SecureContextOptions | undefined,
  ) {
    this.server = createServer((socket) => this.greet(socket));
  }

  /** @param certificate what it shows; without one it has no TLS */
  static async start(greeting: Greeting, certificate?: SecureContextOptions): Promise<Impostor> {
    const impostor = new Impostor(greeting, certificate);
    impostor.server.listen(0, "127.0.0.1");
    await once(impostor.server, "listening");
    return impostor;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** All that it was told, decrypted. */
  get told(): string {
    return Buffer.concat(this.chunks).toString("latin1");
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, "close");
  }

  private greet(socket: Socket): void {
    this.sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", (first: Buffer) => {
      if (first.readInt32BE(4) !== SSL_REQUEST) return this.talk(socket, first);
      if (this.certificate === undefined) {
        socket.once("data", (next: Buffer) => this.talk(socket, next));
        return void socket.write("N");
      }
      socket.write("S");
      const secure = new TLSSocket(socket, { isServer: true, ...this.certificate });
      secure.on("error", () => {});
      secure.once("data", (next: Buffer) => this.talk(secure, next));
    });
  }

  private talk(socket: Socket, startup: Buffer): void {
    this.chunks.push(startup);
    const isScram = this.greeting.startsWith("SCRAM");
    socket.write(
      this.greeting === "the password in clear"
        ? IN_CLEAR
        : this.greeting === "the password's MD5"
          ? AS_MD5
          : isScram
            ? SASL
            : WELCOME,
    );
    let answers = 0;
    socket.on("data", (answer: Buffer) => {
      this.chunks.push(answer);
      answers++;
      if (!isScram || answers > 2) socket.write(WELCOME);
      else if (this.greeting === "SCRAM, and lets in without its end") socket.write(WELCOME);
      else if (this.greeting === "SCRAM, then the password in clear") socket.write(IN_CLEAR);
      else if (answers === 1) {
        const nonce = /r=(.*)$/.exec(answer.toString())?.[1] ?? "";
        const salt = Buffer.from(SALT).toString("base64");
        socket.write(authentication(11, `r=${nonce}more,s=${salt},i=4096`));
      } else {
        const signature = Buffer.alloc(32, 7).toString("base64");
        socket.write(Buffer.concat([authentication(12, `v=${signature}`), WELCOME]));
      }
    });
  }
}
