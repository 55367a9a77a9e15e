import { parseBorrowerConfig, parseOwnerConfig } from "../../infra/config/config";
import { problemsOf as committedProblems } from "../helpers/config-problems";
import { type Overrides, settingsOf } from "../helpers/settings";

const READ = { apps: { wms: { reader: true }, auth: { reader: true }, billing: {} }, connectionShare: "100" };
const DATE = "must be a date up to 2999-12-31, such as 2027-01-31";
const NAME = "bad name: use lower-case letters, digits and '_', starting with a letter, such as 'anna'";
const ENDING = "bad name: it reads as an environment or a role of an app; choose another name";
const ANNA = { reads: ["wms"], until: "2027-01-31" };

const problemsOf = (stack: string, overrides: Overrides) =>
  committedProblems(stack, { ...READ, ...overrides });
const at = (stack: string, now: string, overrides: Overrides): string => {
  const settings = settingsOf(stack, { ...READ, ...overrides });
  const context = { now: new Date(now) };
  try {
    if (stack === "prod") parseOwnerConfig(settings, context);
    else parseBorrowerConfig(stack, settings, context);
    return "";
  } catch (thrown) {
    return String((thrown as Error).message);
  }
};

test("a person and a tool, with what holds when their lines say nothing else", () => {
  const config = parseBorrowerConfig(
    "dev",
    settingsOf("dev", { ...READ, people: { anna: ANNA }, tools: { metabase: { reads: ["auth", "wms"] } } }),
  );
  const usual = {
    connectionLimit: 2,
    iam: false,
    credential: 1,
  };
  expect(config.people).toEqual({ anna: { ...usual, reads: ["wms"], until: "2027-01-31" } });
  expect(config.tools).toEqual({ metabase: { ...usual, reads: ["auth", "wms"] } });
});

test("a date without quotes, of which the Pulumi CLI makes a moment, is the same day", () => {
  const people = { anna: { ...ANNA, until: "2027-01-31 00:00:00 +0000 UTC" } };
  expect(parseBorrowerConfig("dev", settingsOf("dev", { ...READ, people })).people.anna?.until).toBe(
    "2027-01-31",
  );
});

test.each([
  ["2027-02-30"],
  ["2027-13-01"],
  ["2027-1-31"],
  ["31.01.2027"],
  ["2027-01-31T00:00:00Z"],
  ["1927-01-31"],
  ["9999-12-31"],
  ["tomorrow"],
  ["infinity"],
  [""],
  [20270131],
])("%p is no end", (until) => {
  expect(problemsOf("prod", { people: { anna: { reads: ["wms"], until } } })).toEqual([
    `people.anna.until: ${DATE}`,
  ]);
});

test("a person has an end, a tool need not, and both read something", () => {
  expect(
    problemsOf("prod", { people: { anna: { reads: ["wms"] } }, tools: { bi: { reads: [] }, grafana: {} } }),
  ).toEqual([
    `people.anna.until: ${DATE}`,
    "tools.bi.reads: must name an app or more",
    "tools.grafana.reads: must be a list of apps, such as [wms]",
  ]);
});

test.each([
  [
    { anna: { ...ANNA, writes: ["wms"] } },
    "people.anna.writes: unknown setting; see the README for a person's settings",
  ],
  [{ anna: { ...ANNA, reads: ["wms", "wms"] } }, "people.anna.reads: names an app twice"],
  [{ anna: { ...ANNA, reads: "wms" } }, "people.anna.reads: must be a list of apps, such as [wms]"],
  [
    { anna: { ...ANNA, reads: ["crm"] } },
    "people.anna.reads: there is no app 'crm' in the stack prod; it has wms, auth, billing",
  ],
  [
    { anna: { ...ANNA, reads: ["constructor"] } },
    "people.anna.reads: there is no app 'constructor' in the stack prod; it has wms, auth, billing",
  ],
  [
    { anna: { ...ANNA, reads: ["billing"] } },
    "people.anna.reads: billing has no reader; set apps.billing.reader to true",
  ],
  [{ anna: { ...ANNA, connectionLimit: 0 } }, "people.anna.connectionLimit: must be from 1 to 5000"],
  [
    { anna: { ...ANNA, statementTimeout: 2_147_484 } },
    "people.anna.statementTimeout: must be from 0 to 2147483",
  ],
  [{ anna: { ...ANNA, iam: "yes" } }, "people.anna.iam: must be true or false"],
  [{ anna: null }, "people.anna: must be a map with reads and until"],
  [{ Anna: ANNA }, `people.Anna: ${NAME}`],
  [{ "anna-b": ANNA }, `people.anna-b: ${NAME}`],
  [{ anna_dev: ANNA }, `people.anna_dev: ${ENDING}`],
  [{ anna_pr_42: ANNA }, `people.anna_pr_42: ${ENDING}`],
  [{ prod: ANNA }, `people.prod: ${ENDING}`],
  [{ wms_prod_owner: ANNA }, `people.wms_prod_owner: ${ENDING}`],
  [{ x_reader: ANNA }, `people.x_reader: ${ENDING}`],
  [{ x_runtime: ANNA }, `people.x_runtime: ${ENDING}`],
  [{ migrator: ANNA }, `people.migrator: ${ENDING}`],
  [
    { ["a".repeat(57)]: ANNA },
    `people.${"a".repeat(57)}: 'person_${"a".repeat(57)}' is over Postgres's 63 bytes; choose a shorter name`,
  ],
  [[], "people: must be a map of people"],
])("%j is refused", (people, problem) => {
  expect(problemsOf("prod", { people })).toEqual([problem]);
});

test("a role that is the master's is taken", () => {
  expect(problemsOf("prod", { masterUsername: "person_anna", people: { anna: ANNA } })).toEqual([
    "people.anna: 'person_anna' is already the name of the master user; choose another",
  ]);
});

test("an end that has passed is named with the line to take out, from the day after it on", () => {
  const settings = {
    people: { anna: { ...ANNA, until: "2026-01-31" } },
    tools: { bi: { ...ANNA, until: "2026-02-01" } },
  };
  expect(at("prod", "2026-01-31T23:59:59.999Z", settings)).toBe("");
  expect(at("prod", "2026-02-01T00:00:00Z", settings)).toBe(
    "the config of stack prod has a problem; nothing was declared:\n" +
      "  - portal-db:people.anna: until 2026-01-31 has passed; take the line out of Pulumi.prod.yaml",
  );
  expect(at("pr-42", "2026-02-02T00:00:00Z", settings)).toBe(
    "the config of stack pr-42 has 2 problems; nothing was declared:\n" +
      "  - portal-db:people.anna: until 2026-01-31 has passed; take the line out of Pulumi.pr-42.yaml\n" +
      "  - portal-db:tools.bi: until 2026-02-01 has passed; take the line out of Pulumi.pr-42.yaml",
  );
});

test("who only looks at a server, or mends it, reads a file in which an end has passed", () => {
  expect(problemsOf("prod", { people: { anna: { ...ANNA, until: "2020-02-29" } } })).toEqual([]);
});

test("the connections of people and tools count in the budget, in each environment", () => {
  const apps = { wms: { reader: true, connectionLimit: 4 } };
  const people = { anna: { ...ANNA, connectionLimit: 3 } };
  expect(
    problemsOf("dev", { apps, people, tools: { bi: { reads: ["wms"] } }, connectionShare: "17" }),
  ).toEqual([
    "apps: the login limits add up to 18 connections over dev, ci, the stack's share (connectionShare) is 17; lower limits or raise the share",
  ]);
  expect(
    problemsOf("dev", { apps, people, tools: { bi: { reads: ["wms"] } }, connectionShare: "18" }),
  ).toEqual([]);
});

test("by IAM, in prod alone, where the instance takes tokens and the connection is encrypted", () => {
  const people = { anna: { ...ANNA, iam: true } };
  expect(problemsOf("dev", { people })).toEqual([
    "people.anna.iam: only the stack prod can let somebody in by IAM; leave it out here",
  ]);
  expect(problemsOf("prod", { people, sslmode: "disable" })).toEqual([
    "people.anna.iam: the instance takes no IAM tokens; set iamDatabaseAuthentication to true",
    "people.anna.iam: RDS takes IAM tokens over TLS alone; set sslmode to verify-full",
  ]);
  expect(problemsOf("prod", { people, iamDatabaseAuthentication: "true" })).toEqual([]);
});

test("a server whose clock is not in UTC would show each end otherwise than it is declared", () => {
  const parameters = { TimeZone: "Europe/Berlin" };
  expect(problemsOf("prod", { parameters, people: { anna: ANNA } })).toEqual([
    "parameters.timezone: must be UTC or left out, since people.anna has an end: the provider compares it as the server " +
      "shows it, and would change it in each deploy",
  ]);
  expect(problemsOf("prod", { parameters, tools: { bi: { reads: ["wms"] } } })).toEqual([]);
  expect(problemsOf("prod", { parameters: { timezone: "UTC" }, people: { anna: ANNA } })).toEqual([]);
});

test.each(["people", "tools", "apps", "adoptedLogins"])(
  "a name in %s that a map does not keep is refused, and dropped by nobody",
  (setting) => {
    const text = `{"__proto__":${JSON.stringify(ANNA)}}`;
    expect(committedProblems("dev", { ...READ, [setting]: text })).toContain(
      `${setting}: has a '__proto__'; choose another name`,
    );
    expect(committedProblems("dev", { ...READ, apps: `{"wms":{"tags":${text}}}` })).toEqual([
      "apps: has a '__proto__'; choose another name",
    ]);
  },
);
