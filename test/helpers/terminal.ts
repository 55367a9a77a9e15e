import { spawn } from "node:child_process";
import { endOf } from "./process";

/** What a command left on a terminal. */
export interface Screen {
  readonly status: number | null;
  /** Everything that it wrote, with what steers the terminal. */
  readonly written: string;
  /** The lines that stand there in the end, the empty ones at the end aside. */
  readonly lines: readonly string[];
}

/** Gives a program a terminal of its own, of some width, and hands on what it writes. */
const TERMINAL = `
import fcntl, os, pty, struct, sys, termios
pid, end = pty.fork()
if pid == 0:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 50, int(sys.argv[1]), 0, 0))
    os.execvp(sys.argv[2], sys.argv[2:])
while True:
    try: data = os.read(end, 65536)
    except OSError: break
    if not data: break
    os.write(1, data)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

/** Runs a command in a terminal. @param columns its width; 0 where it does not know it */
export async function onScreen(
  columns: number,
  command: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<Screen> {
  const { CI: _, ...inherited } = process.env;
  const child = spawn("python3", ["-c", TERMINAL, String(columns), ...command], {
    env: { ...inherited, TERM: "xterm", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { status, stdout } = await endOf(child);
  return { status, written: stdout, lines: screenOf(stdout, columns || 80) };
}

/** What stands on a terminal that got a text: new lines, lines that are too long, going up, and erasing what is below. */
function screenOf(written: string, columns: number): readonly string[] {
  const rows: string[] = [""];
  let row = 0;
  let column = 0;
  for (const [sign, count, verb] of written.replaceAll("\u001b[", "\0").matchAll(/\0(\d*)([A-Z])|./gsu)) {
    if (verb === "A") row = Math.max(0, row - Number(count || 1));
    else if (verb === "J") rows.splice(row, Infinity, (rows[row] ?? "").slice(0, column));
    else if (verb !== undefined) throw new Error(`this terminal does not know ${JSON.stringify(sign)}`);
    else if (sign === "\r") column = 0;
    else if (sign === "\n") row += 1;
    else {
      if (column === columns) [row, column] = [row + 1, 0];
      const line = (rows[row] ?? "").padEnd(column);
      rows[row] = line.slice(0, column) + sign + line.slice(column + 1);
      column += 1;
    }
    while (rows.length <= row) rows.push("");
  }
  return rows.join("\n").trimEnd().split("\n");
}
