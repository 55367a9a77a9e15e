import { createServer } from "node:net";
import { codeOf } from "../../infra/mistake";

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    // A machine without IPv6 has no such address to be taken.
    server.once("error", (thrown) => resolve(codeOf(thrown) !== "EADDRINUSE" && codeOf(thrown) !== "EACCES"));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Whether nothing listens on a port of the loopback addresses. */
export async function isFree(port: number): Promise<boolean> {
  return (await canListen(port, "127.0.0.1")) && (await canListen(port, "::1"));
}

/** The port that is wished for, or any other free one. */
export async function freePort(wished: number): Promise<number> {
  if (wished > 0 && wished < 65536 && (await isFree(wished))) return wished;
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
