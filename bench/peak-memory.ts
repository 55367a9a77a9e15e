import { readdirSync, readFileSync } from "node:fs";

const EVERY_MS = 20;
/** What runs the program: the language host, official or a stand-in. */
const HOST = /pulumi-language-nodejs|language-host/;

/** Most resident memory in MB, as the kernel keeps it (VmHWM); 0 where there is no /proc. */
export interface Peaks {
  readonly engine: number;
  /** The language host's processes and the program's, each one's own, together. */
  readonly host: number;
}

/** Looks at an engine's process and those below it until `stop`, since the kernel forgets a process's peak with it. */
export class PeakMemory {
  private readonly hosts = new Map<number, number>();
  private readonly timer = setInterval(() => this.look(), EVERY_MS);
  private engine = 0;

  constructor(private readonly pid: number) {}

  /** Ends it. */
  stop(): Peaks {
    clearInterval(this.timer);
    return { engine: this.engine, host: [...this.hosts.values()].reduce((sum, one) => sum + one, 0) };
  }

  private look(): void {
    this.engine = Math.max(this.engine, peakOf(this.pid));
    for (const pid of childrenOf(this.pid)) if (HOST.test(contentOf(`${pid}/cmdline`))) this.lookAtHost(pid);
  }

  private lookAtHost(pid: number): void {
    this.hosts.set(pid, Math.max(this.hosts.get(pid) ?? 0, peakOf(pid)));
    for (const child of childrenOf(pid)) this.lookAtHost(child);
  }
}

function peakOf(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(contentOf(`${pid}/status`))?.[1] ?? 0) / 1000;
}

/** Each thread has the processes that it started. */
function childrenOf(pid: number): number[] {
  const threads = whenThere(() => readdirSync(`/proc/${pid}/task`)) ?? [];
  return threads.flatMap((thread) =>
    (contentOf(`${pid}/task/${thread}/children`).match(/\d+/g) ?? []).map(Number),
  );
}

function contentOf(file: string): string {
  return whenThere(() => readFileSync(`/proc/${file}`, "utf8")) ?? "";
}

/** Undefined for a process that is gone meanwhile. */
function whenThere<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
