import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROLES } from "./iam-roles";
import { ENVIRONMENTS } from "./workflow-files";

const DOCS = join(__dirname, "../../docs");

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portal-db-setup-"));
  writeFileSync(join(folder, "calls"), "");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A command that notes its arguments, and what it is given to read. */
function answer(command: string, script: string): void {
  const note = `echo "${command} $*" >>"${folder}/calls"`;
  writeFileSync(join(folder, command), `#!/usr/bin/env bash\n${note}\n${script}\n`, { mode: 0o755 });
}

function setUp(script: string, args: readonly string[]) {
  const { status, stderr } = spawnSync(join(DOCS, script), args, {
    env: { PATH: `${folder}:${process.env.PATH}` },
    encoding: "utf8",
  });
  return { status, stderr, calls: readFileSync(join(folder, "calls"), "utf8").split("\n") };
}

describe("environments.sh", () => {
  const ARGS = ["acme/portal-db", "123456789012", "states", "owners"];

  it("makes each environment with its reviewers, its branch, its role and its state", () => {
    answer("gh", `case $* in *teams*) echo 77;; *PUT*) echo "$4 $(jq -c .)" >>"${folder}/bodies";; esac`);
    const { status, calls } = setUp("github/environments.sh", ARGS);
    const made = readFileSync(join(folder, "bodies"), "utf8").trim().split("\n");
    const wanted = Object.entries(ENVIRONMENTS).map(([name, { mainOnly, reviewers }]) => {
      const body = {
        reviewers: reviewers ? [{ type: "Team", id: 77 }] : [],
        prevent_self_review: reviewers,
        deployment_branch_policy: mainOnly
          ? { protected_branches: false, custom_branch_policies: true }
          : null,
      };
      return `repos/acme/portal-db/environments/${name} ${JSON.stringify(body)}`;
    });
    expect([status, made]).toEqual([0, wanted.sort()]);
    expect(calls.filter((call) => call.includes("name=main")).length).toBe(
      Object.values(ENVIRONMENTS).filter(({ mainOnly }) => mainOnly).length,
    );
    expect(calls.filter((call) => call.includes("--env production"))).toEqual([
      "gh variable set AWS_ROLE --repo acme/portal-db --env production --body arn:aws:iam::123456789012:role/portal-db-github-deploy-prod",
      "gh variable set PULUMI_BACKEND_URL --repo acme/portal-db --env production --body s3://states/prod?region=us-east-1",
    ]);
  });

  it("stops where an environment of main's deploys from another branch, too", () => {
    answer(
      "gh",
      "case $* in *teams*) echo 77;; *PUT*) cat >/dev/null;; *branch-policies*) echo main other;; esac",
    );
    const { status, stderr } = setUp("github/environments.sh", ARGS);
    expect([status, stderr]).toEqual([
      1,
      "development deploys from other branches than main (main other): take them away, Settings > Environments\n",
    ]);
  });
});

describe("roles.sh", () => {
  const VALUES = [
    ...["ACCOUNT_ID=123456789012", "ORGANIZATION=acme", "STATE_BUCKET=states", "VPC_ID=vpc-1"],
    ...["BASTION_INSTANCE_ID=i-1", "BASTION_SUBNET_ID=subnet-1"],
  ];
  /** An account with nothing in it yet, which keeps what it is given. */
  const empty = () => `case "$1 $2" in
    "kms describe-key") echo "key-of-\${4#alias/}";;
    "iam get-policy" | "iam get-role") exit 1;;
    "iam create-policy" | "iam create-role") cat "\${6#file://}" >>"${folder}/documents";;
  esac`;

  it("makes each role with its policies, with nothing left to fill in", () => {
    answer("aws", empty());
    const { status, stderr, calls } = setUp("iam/roles.sh", VALUES);
    expect([status, stderr]).toEqual([0, ""]);
    const attached = calls
      .filter((call) => call.startsWith("aws iam attach-role-policy"))
      .map((call) => call.replace(/.*--role-name (\S+) --policy-arn (\S+)/, "$1 $2"));
    expect(attached).toEqual(
      Object.entries(ROLES)
        .sort()
        .flatMap(([role, policies]) =>
          policies.map(
            (policy) =>
              `portal-db-github-${role} arn:aws:iam::123456789012:policy/portal-db-github-${policy}`,
          ),
        ),
    );
    const documents = readFileSync(join(folder, "documents"), "utf8");
    expect(documents.match(/\b[A-Z]+_[A-Z_]+\b/)).toBeNull();
    expect(documents.match(/key\/key-of-portal-db-state-\w+/g)?.sort()).toEqual([
      ...Array<string>(3).fill("key/key-of-portal-db-state-dev"),
      "key/key-of-portal-db-state-ephemeral",
      ...Array<string>(3).fill("key/key-of-portal-db-state-prod"),
    ]);
  });

  it("names what was not given, and makes nothing of it", () => {
    answer("aws", empty());
    const { status, stderr } = setUp("iam/roles.sh", VALUES.slice(0, -1));
    expect([
      status,
      stderr
        .split("\n")
        .filter((line) => line !== "")
        .at(0),
    ]).toEqual([1, "BASTION_SUBNET_ID"]);
  });

  it("says which policy a role should not have", () => {
    answer("aws", `${empty()}\ncase "$*" in *list-attached*deploy-dev*) echo AdministratorAccess;; esac`);
    const { status, stderr } = setUp("iam/roles.sh", VALUES);
    expect([status, stderr]).toEqual([
      1,
      "portal-db-github-deploy-dev has the policy AdministratorAccess, which roles.json does not give it: detach it\n",
    ]);
  });
});
