/** Prints the figures of the README: `npm run bench`. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { type PlatformRuns, timePlatform } from "./platform-runs";

const ROUNDS = 5;
const APPS = [4, 25, 100];

interface Declared {
  readonly milliseconds: number;
  readonly declared: Readonly<Record<string, number>>;
}

function declareApps(apps: number, mode: "plain" | "traces"): Declared {
  const child = join(__dirname, "declare-apps.ts");
  return JSON.parse(
    execFileSync(process.execPath, ["--require", "tsx/cjs", child, String(apps), mode], { encoding: "utf8" }),
  ) as Declared;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** How many resources one more app adds: the difference between two stacks, by provider. */
function resourcesPerApp(): { all: number; postgres: number } {
  const count = (apps: number, prefix: string) =>
    Object.entries(declareApps(apps, "plain").declared)
      .filter(([type]) => type.startsWith(prefix))
      .reduce((sum, [, number]) => sum + number, 0);
  const difference = (prefix: string) => count(2, prefix) - count(1, prefix);
  return { all: difference(""), postgres: difference("postgresql:") };
}

/** Declares 100 apps with and without traces in turn, so that a slow moment hits both. */
function programShare(): { plain: number; traces: number; ratio: number } {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const plain = declareApps(100, "plain").milliseconds;
    const traces = declareApps(100, "traces").milliseconds;
    return { plain, traces, ratio: plain / traces };
  });
  return {
    plain: median(rounds.map((round) => round.plain)) / 1000,
    traces: median(rounds.map((round) => round.traces)) / 1000,
    ratio: median(rounds.map((round) => round.ratio)),
  };
}

const figure = (value: number | undefined) => (value === undefined ? "" : value.toFixed(1));

function platformRow({ apps, cold, first, second, oneMoreApp }: PlatformRuns): string {
  return `| ${apps} | ${[cold, first, second, oneMoreApp].map(figure).join(" | ")} |`;
}

const { all, postgres } = resourcesPerApp();
console.log(`Resources an app, without a reader: ${all}, of them Postgres's: ${postgres}\n`);

const { plain, traces, ratio } = programShare();
console.log(`Declaring 100 apps against a mock monitor: ${plain.toFixed(1)} s, with the SDK's stack traces`);
console.log(`${traces.toFixed(1)} s; median ratio of ${ROUNDS} pairs: ${ratio.toFixed(2)}\n`);

console.log("| apps | first run, caches cold | first run, warm | second run | one more app |");
console.log("|---|---|---|---|---|");
for (const [index, apps] of APPS.entries()) console.log(platformRow(timePlatform(apps, index === 0)));

console.log("");
const engine = ["--require", "tsx/cjs", join(__dirname, "engine.ts"), ...APPS.map(String)];
execFileSync(process.execPath, engine, { stdio: "inherit" });
