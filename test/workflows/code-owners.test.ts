import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const ROOT = join(__dirname, "../..");

/** Patterns of CODEOWNERS as the file writes them: from the root, a folder or files of one folder. */
const PATTERNS = readFileSync(join(ROOT, ".github/CODEOWNERS"), "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => line.split(/\s+/));

function isOwned(file: string): boolean {
  return PATTERNS.some(([pattern = "", ...owners]) => {
    const path = `/${file}`;
    const escaped = pattern.replaceAll(".", "\\.").replaceAll("*", "[^/]*");
    return owners.length > 0 && new RegExp(`^${escaped}${pattern.endsWith("/") ? "" : "$"}`).test(path);
  });
}

const FILES = spawnSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: ROOT,
  encoding: "utf8",
})
  .stdout.split("\n")
  .filter((file) => file !== "" && existsSync(join(ROOT, file)));

/** What a file loads when it is loaded, and so on: commands that are loaded when they are typed are not among it. */
function loadedBy(file: string, seen = new Set<string>()): Set<string> {
  if (seen.has(file)) return seen;
  seen.add(file);
  const text = readFileSync(join(ROOT, file), "utf8");
  for (const [, name = ""] of text.matchAll(/^(?:import|export) [^;]*?from "(\.[^"]+)";/gms)) {
    loadedBy(`${relative(ROOT, resolve(ROOT, dirname(file), name))}.ts`, seen);
  }
  return seen;
}

describe("a code owner approves", () => {
  it("what says who may do what, and the list of owners itself", () => {
    const guarded = FILES.filter((file) =>
      /^(\.github|\.ci|infra|access|policy|stacks|ops\/review|docs\/iam|docs\/github)\/|^Pulumi.*yaml$/.test(
        file,
      ),
    );
    expect(guarded).toContain(".github/CODEOWNERS");
    expect(guarded.filter((file) => !isOwned(file))).toEqual([]);
  });

  it("everything that judges a change, and the packages that it runs on", () => {
    const judges = ["policy/index.ts", "ops/main.ts", "ops/review/command.ts", "ops/verify/command.ts"];
    const loaded = new Set(judges.flatMap((file) => [...loadedBy(file)]));
    expect(loaded.size).toBeGreaterThan(50);
    expect(
      [...loaded, "package.json", "package-lock.json", ".npmrc"].filter((file) => !isOwned(file)),
    ).toEqual([]);
  });

  it("and not what has nothing to do with it", () => {
    expect(["docs/prisma.md", "ops/snapshot/dump.ts", "CHANGELOG.md"].filter(isOwned)).toEqual([]);
  });
});
