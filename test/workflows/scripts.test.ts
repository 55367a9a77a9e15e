import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

describe("review.sh", () => {
  const previewed = () => {
    mkdirSync(join(folder, "out"));
    writeFileSync(join(folder, "out/prod.json"), "{}");
  };

  const forms = (more = "") =>
    ["--markdown", "--comment"].map(
      (form) => `npm run --silent review -- out/prod.json --stack prod ${form}${more}`,
    );

  it("keeps the review for a comment, puts the whole one into the summary, and ends with 2 when it blocks", () => {
    previewed();
    stand("npm", 'echo "blocked $8"; exit 2');
    const GITHUB_STEP_SUMMARY = join(folder, "summary.md");
    expect(run("review.sh", ["prod", "out"], { GITHUB_STEP_SUMMARY })).toEqual({ status: 2, calls: forms() });
    expect([read("out/prod.md"), read("summary.md")]).toEqual([
      "blocked --comment\n",
      "blocked --markdown\n",
    ]);
  });

  it("keeps the whole one for the artifact where the summary would be refused for its size, and says so", () => {
    previewed();
    const GITHUB_STEP_SUMMARY = join(folder, "summary.md");
    const reviewed = (bytes: number) => {
      rmSync(GITHUB_STEP_SUMMARY, { force: true });
      stand("npm", `case $* in *--markdown*) head -c ${bytes} /dev/zero | tr '\\0' x;; *) echo short;; esac`);
      expect(run("review.sh", ["prod", "out"], { GITHUB_STEP_SUMMARY }).status).toBe(0);
      return [read("summary.md"), existsSync(join(folder, "out/prod.whole.md"))];
    };
    expect(reviewed(1_000_000)).toEqual(["x".repeat(1_000_000), false]);
    expect(reviewed(1_000_001)).toEqual([
      "**The whole review of prod is too large for a summary.** It is prod.whole.md in the artifact review-prod of this run; here is what a comment has of it.\n\nshort\n",
      true,
    ]);
    expect(read("out/prod.whole.md")).toHaveLength(1_000_001);
  });

  it("says so where the review could not be made", () => {
    previewed();
    stand("npm", "exit 1");
    expect(run("review.sh", ["prod", "out"]).status).toBe(1);
    expect(read("out/prod.md")).toBe(
      "**The preview of prod could not be reviewed**; the log of this job says why.\n",
    );
  });

  it("fails where there is no preview", () => {
    stand("npm", "");
    expect(run("review.sh", ["prod", "out"])).toEqual({ status: 1, calls: [] });
    expect(read("out/prod.md")).toBe("**There is no preview of prod**; the log of its job says why.\n");
  });

  it("hands one allowed change to the review, and never to a shell", () => {
    previewed();
    stand("npm", "");
    const { calls } = run("review.sh", ["prod", "out"], { ALLOW: "urn:$(id)", REASON: "agreed; `id`" });
    expect(calls).toEqual(forms(" --allow urn:$(id) --reason agreed; `id`"));
  });
});

describe("comment.sh", () => {
  const env = {
    ...{ GITHUB_REPOSITORY: "ecomos/portal-db", GH_TOKEN: "x" },
    ...{ GITHUB_SERVER_URL: "https://github.com", GITHUB_RUN_ID: "99" },
  };
  const LINK =
    "\nThe whole review is in [the summary of this run](https://github.com/ecomos/portal-db/actions/runs/99).\n";
  /** What it posts of a review. */
  const posted = (review: string | Buffer) => {
    writeFileSync(join(folder, "review.md"), review);
    stand(
      "gh",
      `case $* in *field*) cp "$(printf '%s' "$*" | sed 's/.*body=@\\([^ ]*\\).*/\\1/')" "${folder}/body";; esac`,
    );
    expect(run("comment.sh", ["7", "review.md"], env).status).toBe(0);
    return read("body");
  };
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

  it("updates the first one where there are many, over several pages", () => {
    writeFileSync(join(folder, "review.md"), "review\n");
    stand("gh", "case $* in *paginate*) seq 1234 99999;; esac");
    const { status, calls } = run("comment.sh", ["7", "review.md"], env);
    expect([status, last(calls)]).toEqual([
      0,
      "gh api --method PATCH repos/ecomos/portal-db/issues/comments/1234 --field body=@file --silent",
    ]);
  });

  it("posts a review with a byte that is no UTF-8 whole but for that, and the start of an endless line", () => {
    const bytes = Buffer.concat([Buffer.from("## ä"), Buffer.from([0xff]), Buffer.from("b\nmore\n")]);
    expect(posted(bytes)).toBe(`<!-- portal-db review -->\n## äb\nmore\n${LINK}`);
    expect(posted("x".repeat(70_000))).toBe(
      `<!-- portal-db review -->\n${"x".repeat(64_000)}\n\n</details>\n\nCut here: the rest does not fit into a comment.\n${LINK}`,
    );
  });

  it("says where the whole review is, and cuts what GitHub would refuse at a line's end", () => {
    expect(posted("## safe\n")).toBe(`<!-- portal-db review -->\n## safe\n${LINK}`);
    const line = `- ${"ä".repeat(100)}\n`;
    const cut = posted(`<details>\n${line.repeat(1000)}`);
    expect(cut.length).toBeLessThan(65_536);
    expect(
      cut.endsWith(`${line}\n</details>\n\nCut here: the rest does not fit into a comment.\n${LINK}`),
    ).toBe(true);
  });
});

describe("ephemeral.sh", () => {
  const DEV =
    "secretsprovider: awskms:///alias/dev\nencryptedkey: abc\nconfig:\n  portal-db:apps: { wms: {} }\n";
  const env = { PULUMI_SECRETS_PROVIDER: "awskms:///alias/ephemeral" };

  it.each(["prod", "dev", "pr-", "pr-x", "pr-1x"])("refuses the stack %s", (stack) => {
    stand("npx", "");
    expect(run("ephemeral.sh", ["down", stack])).toEqual({ status: 1, calls: [] });
  });

  it("takes dev's settings without dev's key, and the stack's own key, which its state knows", () => {
    writeFileSync(join(folder, "Pulumi.dev.yaml"), DEV);
    stand("npx", `echo "$PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER" >>"${folder}/fallback"`);
    const { status, calls } = run("ephemeral.sh", ["up", "pr-7"], env);
    expect([status, calls[0]]).toEqual([
      0,
      "npx pulumi stack select --create --secrets-provider awskms:///alias/ephemeral pr-7",
    ]);
    expect(read("Pulumi.pr-7.yaml")).toBe("config:\n  portal-db:apps: { wms: {} }\n");
    expect(read("fallback")).toBe("true\n".repeat(3));
  });
});

describe("sweep.sh", () => {
  const stacks = (names: readonly string[]) =>
    `case $* in *"stack ls"*) echo '${JSON.stringify(names.map((name) => ({ name })))}';; esac`;
  const pull = (state: string, ...labels: string[]) =>
    `echo '${JSON.stringify({ state, labels: labels.map((name) => ({ name })) })}'`;
  const destroyed = (calls: readonly string[]) => calls.filter((call) => call.includes("destroy"));
  beforeEach(() => writeFileSync(join(folder, "Pulumi.dev.yaml"), "config: {}\n"));

  it("takes away what is closed or has lost its label, and nothing else", () => {
    stand("npx", stacks(["pr-1", "pr-2", "pr-3", "dev", "pr-x"]));
    stand(
      "gh",
      `case $3 in 1) ${pull("OPEN", "bug", "ephemeral")};; 2) ${pull("OPEN")};; 3) ${pull("CLOSED", "ephemeral")};; esac`,
    );
    const { status, calls } = run("sweep.sh", []);
    expect([status, destroyed(calls)]).toEqual([
      0,
      ["pr-2", "pr-3"].map((stack) => `npx pulumi destroy --stack ${stack} --yes --skip-preview`),
    ]);
  });

  it("takes nothing away whose pull request cannot be read", () => {
    stand("npx", stacks(["pr-1", "pr-2"]));
    stand("gh", "exit 1");
    const { status, calls } = run("sweep.sh", []);
    expect([status, destroyed(calls)]).toEqual([1, []]);
  });
});

describe("drift.sh", () => {
  /** `preview` and `verify` say what they find, and end with a status each. */
  const found = (preview: string, verify: string) =>
    stand("npm", `case $* in *preview*) ${preview};; *verify*) ${verify};; esac`);

  it("compares what is deployed, and what everybody may do", () => {
    found("true", "true");
    expect(run("drift.sh", ["out", "dev"])).toEqual({
      status: 0,
      calls: [
        "npm run --silent preview -- dev --refresh --expect-no-changes",
        "npm run --silent verify -- dev --aws",
      ],
    });
    expect(existsSync(join(folder, "out/dev.md"))).toBe(false);
  });

  it("reports both, and fails for either", () => {
    found("echo changed; exit 2", "echo undeclared; exit 2");
    expect(run("drift.sh", ["out", "dev"]).status).toBe(1);
    expect(read("out/dev.md").match(/^(changed|undeclared)$/gm)).toEqual(["changed", "undeclared"]);
    found("true", "echo undeclared; exit 2");
    rmSync(join(folder, "out"), { recursive: true });
    expect(run("drift.sh", ["out", "dev"]).status).toBe(1);
    expect(read("out/dev.md")).not.toContain("changed\n");
  });
});

describe("drift-issue.sh", () => {
  const env = { RUN_URL: "https://github.test/run", GH_TOKEN: "x", GH_REPO: "o/r" };
  const issue = (RESULT: string) => run("drift-issue.sh", ["out"], { ...env, RESULT }).calls.at(-1);

  it("closes the issue when every stack was compared and none drifted", () => {
    stand("gh", "case $* in *list*) echo 5;; esac");
    expect(issue("success")).toBe("gh issue close 5 --comment No drift any more: https://github.test/run");
  });

  it("keeps it where a stack could not be compared, though there is no report", () => {
    stand("gh", `case $* in *list*) echo 5;; *edit*) cat "\${@: -1}" >"${folder}/body";; esac`);
    expect(issue("failure")).toMatch(/^gh issue edit 5 --body-file /);
    expect(read("body")).toMatch(/^A stack could not be compared/);
  });
});
