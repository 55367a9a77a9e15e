import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface Statement {
  readonly Sid: string;
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const ROOT = join(__dirname, "../..");
const FOLDER = join(ROOT, "docs/iam");
const names = (kind: string) => readdirSync(join(FOLDER, kind)).sort();
const text = (kind: string, name: string) => readFileSync(join(FOLDER, kind, name), "utf8");
const statements = (kind: string, name: string) =>
  (JSON.parse(text(kind, name)) as { readonly Statement: readonly Statement[] }).Statement;
const list = (value: string | readonly string[] = []) => [value].flat();

/** What AWS has no narrower resource for: they show names and settings, or make a key that has to carry our tags. */
const ON_EVERYTHING = /^(rds|ec2|cloudwatch):(Describe|ListTags)|^kms:(ListAliases|CreateKey|TagResource)$/;

describe("trust", () => {
  const subject = "token.actions.githubusercontent.com:sub";
  const subjects = Object.fromEntries(
    names("trust").map((name) => [
      name,
      statements("trust", name).map((s) => s.Condition?.StringEquals?.[subject]),
    ]),
  );

  it("is of one place in this repository each, compared as a whole", () => {
    const repo = "repo:ORGANIZATION/portal-db";
    expect(subjects).toEqual({
      "deploy-dev.json": [`${repo}:environment:development`],
      "deploy-prod.json": [`${repo}:environment:production`],
      "drift.json": [`${repo}:environment:drift`],
      "ephemeral.json": [`${repo}:environment:ephemeral`],
      "preview.json": [[`${repo}:pull_request`, `${repo}:ref:refs/heads/main`]],
    });
  });

  it.each(names("trust"))("%s takes GitHub's tokens for AWS alone", (name) => {
    expect(
      statements("trust", name).map(({ Condition, ...rest }) => [
        rest,
        Object.keys(Condition ?? {}),
        Condition?.StringEquals?.["token.actions.githubusercontent.com:aud"],
      ]),
    ).toEqual([
      [
        {
          Sid: "GitHub",
          Effect: "Allow",
          Principal: {
            Federated: "arn:aws:iam::ACCOUNT_ID:oidc-provider/token.actions.githubusercontent.com",
          },
          Action: "sts:AssumeRoleWithWebIdentity",
        },
        ["StringEquals"],
        "sts.amazonaws.com",
      ],
    ]);
  });
});

describe.each(names("permissions"))("permissions %s", (name) => {
  const all = statements("permissions", name);

  it("name every action, none by a wildcard", () => {
    expect(
      all.flatMap(({ Action }) => list(Action)).filter((action) => !/^[a-z0-9]+:[A-Za-z]+$/.test(action)),
    ).toEqual([]);
  });

  it("reach everything only where AWS knows no less, and make keys only with the project's tags", () => {
    const wide = all.filter(({ Resource }) => list(Resource).includes("*"));
    expect(
      wide.flatMap(({ Action }) => list(Action)).filter((action) => !ON_EVERYTHING.test(action)),
    ).toEqual([]);
    const making = wide.filter(({ Action }) =>
      list(Action).some((action) => /^kms:(Create|Tag)/.test(action)),
    );
    expect(making.map((s) => s.Condition?.StringEquals?.["aws:RequestTag/project"])).toEqual(
      making.map(() => "portal-db"),
    );
  });

  it("change keys and networks only by tag, or by name", () => {
    const open = all.filter(({ Resource }) =>
      list(Resource).some((arn) => /:(key|security-group|security-group-rule)\/\*$/.test(arn)),
    );
    expect(
      open.filter(({ Condition }) => !/(Resource|Request)Tag\/project/.test(JSON.stringify(Condition ?? {}))),
    ).toEqual([]);
  });

  it("fit into one managed policy, with a name a statement", () => {
    expect(JSON.stringify(all).length).toBeLessThan(6000);
    expect(new Set(all.map(({ Sid }) => Sid)).size).toBe(all.length);
    expect(all.map(({ Effect }) => Effect)).toEqual(all.map(() => "Allow"));
  });

  it("are explained in docs/ci.md", () => {
    expect(readFileSync(join(ROOT, "docs/ci.md"), "utf8")).toContain(`permissions/${name}`);
  });
});

describe("who may change what", () => {
  const CHANGES = /:(?!Get|List|Describe|Decrypt|StartSession|TerminateSession|ResumeSession)/;
  const changed = (name: string) =>
    statements("permissions", name).filter(({ Action }) =>
      list(Action).some((action) => CHANGES.test(action)),
    );

  it("preview, drift, read and tunnel change nothing", () => {
    expect(["preview.json", "drift.json", "read.json", "tunnel.json"].flatMap(changed)).toEqual([]);
  });

  it.each(["deploy-dev.json", "ephemeral.json"])("%s changes nothing of prod", (name) => {
    expect(changed(name).filter((statement) => /prod/.test(JSON.stringify(statement)))).toEqual([]);
  });

  it("nobody deletes the instance, its key's material at once, or IAM users", () => {
    const actions = names("permissions").flatMap((name) =>
      statements("permissions", name).flatMap(({ Action }) => list(Action)),
    );
    expect(
      actions.filter((action) =>
        /DeleteDBInstance|DeleteImportedKeyMaterial|^iam:.*(User|AccessKey)/.test(action),
      ),
    ).toEqual([]);
  });
});
