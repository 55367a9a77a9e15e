import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A way to a server, as a tunnel is, on which new connections get nowhere from some moment on. */
export class SlowWay {
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private isClosed = false;
  /** Connections that wait at its entrance. */
  waiting = 0;

  private constructor(target: number) {
    this.server = createServer((from) => {
      this.keep(from);
      if (this.isClosed) {
        this.waiting += 1;
        return;
      }
      const to = this.keep(connect(target, "127.0.0.1"));
      from.pipe(to).pipe(from);
      for (const [one, other] of [[from, to] as const, [to, from] as const])
        one.on("close", () => other.destroy());
    });
  }

  /** @param target the server's port on this machine */
  static async open(target: number): Promise<SlowWay> {
    const way = new SlowWay(target);
    way.server.listen(0, "127.0.0.1");
    await once(way.server, "listening");
    return way;
  }

  /** Where it begins. */
  get endpoint(): string {
    return `localhost:${(this.server.address() as AddressInfo).port}`;
  }

  /** From now on who is on it stays, and nobody else gets through. */
  closeToOthers(): void {
    this.isClosed = true;
  }

  /** Ends every connection. */
  end(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private keep(socket: Socket): Socket {
    this.sockets.add(socket);
    return socket.on("error", () => {});
  }
}
