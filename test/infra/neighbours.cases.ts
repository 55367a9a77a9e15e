import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { stackConfig } from "../../infra/config/config";
import { environmentsBeside, environmentsIn, neighboursOf } from "../../infra/config/neighbours";
import { declareStack } from "../../stacks/program";
import { type Overrides, settingsOf } from "../helpers/settings";
import { runProgram } from "../helpers/stack-run";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "portal-db-config-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Writes a stack's file: the committed settings, some replaced, and some as they stand in YAML. */
function write(stack: string, overrides: Overrides, inYaml: Record<string, unknown> = {}): void {
  const settings = Object.entries({ ...settingsOf(stack, overrides), ...inYaml });
  const config = Object.fromEntries(settings.map(([key, value]) => [`portal-db:${key}`, value]));
  writeFileSync(join(folder, `Pulumi.${stack}.yaml`), stringify({ config }));
}

/** What is wrong with a stack's file, next to the others. */
function problemsOf(stack: string): string[] {
  try {
    stackConfig(folder, stack);
    return [];
  } catch (thrown) {
    const [, ...lines] = String((thrown as Error).message).split("\n");
    return lines.map((line) => line.replace(/^ {2}- portal-db:/, ""));
  }
}

const ENDING = "its end reads as an environment or a role of another app; choose another name";

test("with dev's environments [dev, qa], no app anywhere ends in qa, as none ends in dev", () => {
  write("dev", { apps: { wms: {}, wms_qa: {} }, environments: ["dev", "qa"] });
  write("prod", { apps: { wms: {}, wms_qa: {}, wms_dev: {} } });
  write("pr-42", { apps: { wms_qa: {} } });
  expect(problemsOf("dev")[0]).toBe(`apps.wms_qa: bad app name: ${ENDING}`);
  expect(problemsOf("prod")).toEqual([
    `apps.wms_qa: bad app name: ${ENDING}`,
    `apps.wms_dev: bad app name: ${ENDING}`,
  ]);
  expect(problemsOf("pr-42")).toEqual([`apps.wms_qa: bad app name: ${ENDING}`]);
});

test("an environment that dev's file names is dev's, and no stack may be called so", () => {
  write("dev", { environments: ["dev", "qa"] });
  write("qa", {});
  expect(problemsOf("qa")).toEqual(["environments: the stack dev owns qa; give the stack qa another name"]);
  expect(problemsOf("dev")).toEqual([]);
  expect(environmentsIn(folder).stackOf("qa")).toBe("dev");
});

test("a stack's own settings name environments beside its file's, but never one that is prod's", () => {
  write("dev", { environments: ["dev", "old"] });
  const settings = { environments: JSON.stringify(["dev", "qa", "prod", "a_prod", "dev_owner"]) };
  const known = environmentsBeside(folder, "dev", settings);
  const stacks = ["qa", "old", "prod", "a_prod", "dev_owner"].map((one) => known.stackOf(one));
  expect(stacks).toEqual(["dev", "dev", "prod", "a-prod", "dev-owner"]);
  expect(environmentsBeside(folder, "pr-42", settings).stackOf("old")).toBe("dev");
});

const TAKEN = ["portal_wms_eu", "portal_wms_eu_2"];

test("a stack eu with an app wms beside prod's app wms_eu names its logins: refused by name, on both sides", () => {
  write("prod", { apps: { wms_eu: {} } });
  write("eu", { apps: { wms: {}, auth: {} } });
  expect(problemsOf("eu")).toEqual(
    TAKEN.map(
      (name) => `apps.wms: '${name}' is already the name of app wms_eu of stack prod; rename the app`,
    ),
  );
  expect(problemsOf("prod")).toEqual(
    TAKEN.map((name) => `apps.wms_eu: '${name}' is already the name of app wms of stack eu; rename the app`),
  );
  write("eu", { apps: { auth: {} } });
  expect([problemsOf("eu"), problemsOf("prod")]).toEqual([[], []]);
});

test("the programs refuse it, too, before anything is declared", async () => {
  write("prod", { apps: { wms_eu: {} } });
  const settings = settingsOf("eu", { apps: { wms: {} } });
  await expect(runProgram("eu", settings, () => declareStack("eu", folder))).rejects.toThrow(
    /^the config of stack eu has 2 problems; nothing was declared:\n {2}- portal-db:apps\.wms: 'portal_wms_eu' is already/,
  );
});

test("a file of prod's or dev's that cannot be read is named, whoever reads it as a neighbour's", () => {
  write("prod", {});
  writeFileSync(join(folder, "Pulumi.dev.yaml"), "config: [\n");
  expect(() => stackConfig(folder, "prod")).toThrow(`${join(folder, "Pulumi.dev.yaml")} is not valid YAML: `);
});

test("an ephemeral neighbour's file that cannot be read, or is no stack's, stands in nobody's way", () => {
  write("prod", {});
  writeFileSync(join(folder, "Pulumi.yaml"), "name: portal-db\n");
  writeFileSync(join(folder, "Pulumi.pr-1.yaml"), "config: [\n");
  writeFileSync(join(folder, "Pulumi.pr-2.yaml"), 'config: { "portal-db:apps": "{" }\n');
  expect(problemsOf("prod")).toEqual([]);
  expect(neighboursOf(folder, "prod")).toEqual([
    { stack: "pr-2", environments: ["pr_2"], apps: [], adopted: [], connectionShare: 40, visitors: [] },
  ]);
  expect(neighboursOf(join(folder, "nowhere"), "prod")).toEqual([]);
});

test("the shares of prod and dev fit in the instance's connections together; a stack that comes and goes stops neither", () => {
  const beyond = (most: number) => [
    `connectionShare: 200, 160 of dev and the admin's reserve of 20 are above max_connections of db.t4g.medium, ${most}; lower a share or take a larger class`,
  ];
  write("dev", { connectionShare: 160 });
  write("pr-42", { connectionShare: 400 });
  for (const [settings, problems] of [
    [{}, []],
    [{ maxConnections: 380 }, []],
    [{ maxConnections: 379 }, beyond(379)],
    [{ parameters: { max_connections: 380 } }, []],
    [{ parameters: { max_connections: 379 } }, beyond(379)],
    [{ parameters: { max_connections: "LEAST({DBInstanceClassMemory/9531392},300)" } }, beyond(300)],
  ] as const) {
    write("prod", settings);
    expect(problemsOf("prod")).toEqual(problems);
  }
  write("dev", { connectionShare: 161 });
  write("prod", { maxConnections: 380 });
  expect(problemsOf("prod")).toHaveLength(1);
});

test("only dev's file may name environments: a copy of it under another name takes nothing of dev's", () => {
  write("dev", {});
  write("pr-42", { environments: ["dev", "ci"] });
  expect(problemsOf("dev")).toEqual([]);
  expect(problemsOf("pr-42")[0]).toBe(
    "environments: stack pr-42 has the environment of its own name alone; remove the setting",
  );
});

test("a setting that only the Pulumi CLI can decrypt is neither missing nor looked into; any other mistake is found", () => {
  write("prod", {});
  const file = join(folder, "Pulumi.prod.yaml");
  const config = Object.fromEntries(
    Object.entries(settingsOf("prod", { multiAz: "perhaps" })).map(([key, value]) => [
      `portal-db:${key}`,
      value,
    ]),
  );
  const secure = { secure: "AAABAJ" };
  writeFileSync(
    file,
    stringify({
      config: {
        ...config,
        "portal-db:vpcId": secure,
        "portal-db:adoptedLogins": { wms_prod: secure },
        "portal-db:tpyo": secure,
      },
    }),
  );
  const [first = "", ...rest] = problemsOf("prod");
  expect(first).toMatch(/^tpyo: unknown setting; known are /);
  expect(rest).toEqual(["multiAz: must be true or false"]);
});

test("two stacks that mean one environment are refused, whichever is deployed", () => {
  write("my-demo", {});
  write("my_demo", {});
  const twin = (stack: string) => [`environments: the stack ${stack} has my_demo, too; keep one of them`];
  expect([problemsOf("my-demo"), problemsOf("my_demo")]).toEqual([twin("my_demo"), twin("my-demo")]);
});

test("what no default stands for cannot be encrypted, and a name is no encryption", () => {
  const prefix = (settings: Overrides) =>
    Object.fromEntries(Object.entries(settings).map(([key, value]) => [`portal-db:${key}`, value]));
  const file = join(folder, "Pulumi.dev.yaml");
  const tags = { team: { secure: "v1:AAABAJ" } };
  writeFileSync(file, stringify({ config: prefix({ ...settingsOf("dev"), apps: { wms: { tags } } }) }));
  expect(problemsOf("dev")).toEqual(["apps: is encrypted, and is no secret: set it in plain"]);
  write(
    "prod",
    {},
    { parameters: { work_mem: { secure: "v1:AAABAJ" } }, maxConnections: { secure: "v1:AAABAJ" } },
  );
  expect(problemsOf("prod")).toEqual([
    "maxConnections: is encrypted, and is no secret: set it in plain",
    "parameters: is encrypted, and is no secret: set it in plain",
  ]);
  writeFileSync(file, stringify({ config: prefix({ ...settingsOf("dev"), apps: { secure: {} } }) }));
  expect(problemsOf("dev")).toEqual([]);
});

test("a value that YAML takes for an alias is named by its file, and never repeated", () => {
  writeFileSync(join(folder, "Pulumi.dev.yaml"), "config:\n  portal-db:masterPassword: *hunter2\n");
  expect(() => stackConfig(folder, "dev")).toThrow(
    new Error(
      `${join(folder, "Pulumi.dev.yaml")} has a value that starts with "*", an alias to YAML: put it into quotes`,
    ),
  );
});

const SECURE = { secure: "v1:AAABAJ" };

test("a file says which logins are adopted, though only the CLI can decrypt their passwords", () => {
  write("prod", { apps: { wms: {}, auth: {} } }, { adoptedLogins: { wms_prod: SECURE } });
  expect(stackConfig(folder, "prod").adoptedLogins).toEqual({ wms_prod: "" });
  write("prod", { apps: { wms: {} } }, { adoptedLogins: SECURE });
  expect(stackConfig(folder, "prod").adoptedLogins).toEqual({});
});

test("whose an encrypted password is has to be right, too", () => {
  write("prod", { apps: { wms: {} } }, { adoptedLogins: { wms_prod: SECURE, wsm_prod: SECURE } });
  expect(() => stackConfig(folder, "prod")).toThrow(
    /has a problem; nothing was declared:\n {2}- portal-db:adoptedLogins\.wsm_prod: no such schema in this stack; it has wms_prod$/,
  );
});

test("prod gives the dev admin what it needs of the logins that dev's file adopts, before it closes the common way in", async () => {
  write("prod", { apps: { wms: {} } });
  write("dev", { apps: { wms: {} }, environments: ["dev"] }, { adoptedLogins: { wms_dev: SECURE } });
  const run = await runProgram("prod", settingsOf("prod", { apps: { wms: {} } }), () =>
    declareStack("prod", folder),
  );
  const administrator = run.the("deployers-wms-dev-login");
  expect(administrator.inputs).toEqual({
    role: "portal_db_dev_admin",
    grantRole: "portal_wms_dev",
    withAdminOption: true,
  });
  const wayIn = run.the("database-wms-dev-login-connect");
  expect(wayIn.inputs).toEqual({
    role: "portal_wms_dev",
    database: "portal_db",
    objectType: "database",
    privileges: ["CONNECT"],
  });
  expect([administrator.retainOnDelete, wayIn.retainOnDelete]).toEqual([true, true]);
  expect(run.the("database-public-database").dependencies).toContain(wayIn.identity);
});
