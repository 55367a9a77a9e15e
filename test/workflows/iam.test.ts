import { readdirSync } from "node:fs";
import { join } from "node:path";
import { listOf } from "../helpers/iam-evaluation";
import { IAM_FOLDER, ROLES, statementsOf } from "./iam-roles";
import { ENVIRONMENTS } from "./workflow-files";

const names = (kind: string) =>
  readdirSync(join(IAM_FOLDER, kind))
    .map((file) => file.replace(/\.json$/, ""))
    .sort();

/** What AWS has no narrower resource for: they show names and settings, or make a key that has to carry our tags. */
const ON_EVERYTHING =
  /^(rds|ec2|cloudwatch|logs):(Describe|ListTags)|^kms:(ListAliases|CreateKey|TagResource)$/;

describe("trust", () => {
  const subject = "token.actions.githubusercontent.com:sub";
  it("is of the role's own environments, compared as a whole", () => {
    const subjects = names("trust").map((name) => [
      name,
      statementsOf("trust", name).flatMap(({ Condition }) => listOf(Condition?.StringEquals?.[subject])),
    ]);
    const own = (role: string) =>
      Object.entries(ENVIRONMENTS)
        .filter(([, environment]) => environment.role === role)
        .map(([name]) => `repo:ORGANIZATION/portal-db:environment:${name}`)
        .sort();
    expect(Object.fromEntries(subjects)).toEqual(
      Object.fromEntries(Object.keys(ROLES).map((role) => [role, own(role)])),
    );
  });

  it.each(names("trust"))("%s takes GitHub's tokens for AWS alone", (name) => {
    expect(
      statementsOf("trust", name).map(({ Condition, ...rest }) => [
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
  const all = statementsOf("permissions", name);

  it("name every action, none by a wildcard", () => {
    expect(
      all.flatMap(({ Action }) => listOf(Action)).filter((action) => !/^[a-z0-9]+:[A-Za-z]+$/.test(action)),
    ).toEqual([]);
  });

  it("reach everything only where AWS knows no less, and make keys only with the project's tags", () => {
    const wide = all.filter(({ Resource }) => listOf(Resource).includes("*"));
    expect(
      wide.flatMap(({ Action }) => listOf(Action)).filter((action) => !ON_EVERYTHING.test(action)),
    ).toEqual([]);
    const making = wide.filter(({ Action }) =>
      listOf(Action).some((action) => /^kms:(Create|Tag)/.test(action)),
    );
    expect(making.map((s) => s.Condition?.StringEquals?.["aws:RequestTag/project"])).toEqual(
      making.map(() => "portal-db"),
    );
  });

  it("change keys and networks only by tag, or by name", () => {
    const open = all.filter(({ Resource }) =>
      listOf(Resource).some((arn) => /:(key|security-group|security-group-rule)\/\*$/.test(arn)),
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

  it("belong to a role", () => {
    expect(Object.values(ROLES).flat()).toContain(name);
  });
});
