import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SCRIPTS = join(__dirname, "../../.github/scripts");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portal-db-ci-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Puts a command of one's own in front of the real one; it notes its arguments. */
function stand(command: string, script: string): void {
  const text = `#!/usr/bin/env bash\necho "${command} $*" >>"${folder}/calls"\n${script}\n`;
  writeFileSync(join(folder, command), text, { mode: 0o755 });
}

function run(script: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { status } = spawnSync(join(SCRIPTS, script), args, {
    cwd: folder,
    env: { PATH: `${folder}:${process.env.PATH}`, ...env },
  });
  const calls = existsSync(join(folder, "calls")) ? readFileSync(join(folder, "calls"), "utf8") : "";
  return { status, calls: calls.split("\n").filter((line) => line !== "") };
}

const read = (name: string) => readFileSync(join(folder, name), "utf8");
const POLICY = "--policy-pack policy --policy-pack-config policy/exceptions.json";

describe("preview.sh", () => {
  it("keeps the preview, the plan and the review", () => {
    stand("npx", "echo '{}'");
    stand("npm", "echo review");
    expect(run("preview.sh", ["prod", "out"])).toEqual({
      status: 0,
      calls: [
        `npx pulumi preview --stack prod ${POLICY} --json --show-sames --save-plan out/prod.plan.json`,
        "npm run --silent review -- out/prod.json",
      ],
    });
    expect([read("out/prod.json"), read("out/prod.md")]).toEqual(["{}\n", "review\n"]);
  });

  it("ends with 2 when the review blocks, and keeps what it says", () => {
    stand("npx", "echo '{}'");
    stand("npm", "echo blocked; exit 2");
    expect(run("preview.sh", ["prod", "out"]).status).toBe(2);
    expect(read("out/prod.md")).toBe("blocked\n");
  });

  it("fails with the preview, even where the review has nothing to say", () => {
    stand("npx", "exit 255");
    stand("npm", "exit 0");
    const { status, calls } = run("preview.sh", ["prod", "out"]);
    expect([status, calls[1]]).toEqual([255, `npx pulumi preview --stack prod ${POLICY}`]);
    expect(read("out/prod.md")).toBe(
      "\n**The preview of prod failed** (exit status 255); the log of the job says why.\n",
    );
  });

  it("hands one allowed change to the review, and never to a shell", () => {
    stand("npx", "echo '{}'");
    stand("npm", "");
    const { calls } = run("preview.sh", ["prod", "out"], { ALLOW: "urn:$(id)", REASON: "agreed; `id`" });
    expect(calls[1]).toBe("npm run --silent review -- out/prod.json --allow urn:$(id) --reason agreed; `id`");
  });
});

describe("comment.sh", () => {
  const env = { GITHUB_REPOSITORY: "ecomos/portal-db", GH_TOKEN: "x" };
  const last = (calls: readonly string[]) => calls.at(-1)?.replace(/@\S+/, "@file");

  it("posts once, then updates its own comment", () => {
    writeFileSync(join(folder, "review.md"), "review\n");
    stand("gh", "");
    expect(last(run("comment.sh", ["7", "review.md"], env).calls)).toBe(
      "gh api --method POST repos/ecomos/portal-db/issues/7/comments --field body=@file --silent",
    );
    stand("gh", "case $* in *paginate*) echo 1234;; esac");
    expect(last(run("comment.sh", ["7", "review.md"], env).calls)).toBe(
      "gh api --method PATCH repos/ecomos/portal-db/issues/comments/1234 --field body=@file --silent",
    );
  });
});

describe("ephemeral.sh", () => {
  it.each(["prod", "dev", "pr-", "pr-x"])("refuses the stack %s", (stack) => {
    stand("npx", "");
    expect(run("ephemeral.sh", ["down", stack])).toEqual({ status: 1, calls: [] });
  });
});
