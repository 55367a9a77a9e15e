import { tooLong } from "../../infra/config/rules";
import { Environments, environmentOfStack, namesOf } from "../../infra/names";

/** What is known where no file says more. */
const KNOWN = new Environments();
/** With dev's list of `environments: [dev, qa]`. */
const WITH_QA = new Environments([["dev", ["dev", "qa"]]]);

const LETTERS = "use lower-case letters, digits and '_', starting with a letter, such as";
const RESERVED = "this name means a schema that Postgres or the database itself uses; choose another";
const ENDING = "its end reads as an environment or a role of another app; choose another name";
const LONG = "its role would be over Postgres's 63 bytes; choose a shorter name";

test("prod's logins keep the strategy's name, every other name carries the environment", () => {
  expect(namesOf("wms", "prod")).toEqual({
    component: "wms-prod",
    schema: "wms_prod",
    owner: "wms_prod_owner",
    reader: "wms_prod_reader",
    login: "portal_wms",
    secondLogin: "portal_wms_2",
    secret: "portal-db/prod/wms",
    readPolicy: "portal-db-prod-wms-read",
    runtime: "wms_prod_runtime",
    migrator: "portal_wms_migrator",
    secondMigrator: "portal_wms_migrator_2",
    migratorSecret: "portal-db/prod/wms/migrator",
    migratorReadPolicy: "portal-db-prod-wms-migrator-read",
  });
});

test.each(["auth", "wms", "xplan", "website"])("%s has names of its own in each environment", (app) => {
  for (const environment of ["dev", "ci"]) {
    expect(namesOf(app, environment)).toEqual({
      component: `${app}-${environment}`,
      schema: `${app}_${environment}`,
      owner: `${app}_${environment}_owner`,
      reader: `${app}_${environment}_reader`,
      login: `portal_${app}_${environment}`,
      secondLogin: `portal_${app}_${environment}_2`,
      secret: `portal-db/${environment}/${app}`,
      readPolicy: `portal-db-${environment}-${app}-read`,
      runtime: `${app}_${environment}_runtime`,
      migrator: `portal_${app}_${environment}_migrator`,
      secondMigrator: `portal_${app}_${environment}_migrator_2`,
      migratorSecret: `portal-db/${environment}/${app}/migrator`,
      migratorReadPolicy: `portal-db-${environment}-${app}-migrator-read`,
    });
  }
});

test("an ephemeral environment and an app with an underscore keep it everywhere but in the component", () => {
  expect(namesOf("x_plan", "pr_42")).toEqual({
    component: "x-plan-pr-42",
    schema: "x_plan_pr_42",
    owner: "x_plan_pr_42_owner",
    reader: "x_plan_pr_42_reader",
    login: "portal_x_plan_pr_42",
    secondLogin: "portal_x_plan_pr_42_2",
    secret: "portal-db/pr_42/x_plan",
    readPolicy: "portal-db-pr_42-x_plan-read",
    runtime: "x_plan_pr_42_runtime",
    migrator: "portal_x_plan_pr_42_migrator",
    secondMigrator: "portal_x_plan_pr_42_migrator_2",
    migratorSecret: "portal-db/pr_42/x_plan/migrator",
    migratorReadPolicy: "portal-db-pr_42-x_plan-migrator-read",
  });
});

test("no name of an app is shared by two environments", () => {
  const names = ["prod", "dev", "ci", "pr_42"].flatMap((each) => Object.values(namesOf("wms", each)));
  expect(new Set(names).size).toBe(names.length);
});

test.each([
  ["PR-42", "pr_42"],
  ["feature-new-login", "feature_new_login"],
])("the stack %s is the environment %s", (stack, environment) => {
  expect(environmentOfStack(stack)).toBe(environment);
});

test.each([
  "wms",
  "auth",
  "x2",
  "x_plan",
  "a",
  "devices",
  "reader",
  "migrator",
  "prod_tools",
  "wms_2",
  "pgx",
])("%s is an app's name", (app) => expect(KNOWN.appProblem(app)).toBeUndefined());

test.each([
  ["", `${LETTERS} 'wms'`],
  ["Wms", `${LETTERS} 'wms'`],
  ["wms-x", `${LETTERS} 'wms'`],
  ["2wms", `${LETTERS} 'wms'`],
  ["_wms", `${LETTERS} 'wms'`],
  ["wms x", `${LETTERS} 'wms'`],
  ["wms\n", `${LETTERS} 'wms'`],
  ['wms";drop', `${LETTERS} 'wms'`],
  ["wäms", `${LETTERS} 'wms'`],
  ["pg_x", "'pg_' is reserved by Postgres; choose another name"],
  ["public", RESERVED],
  ["information_schema", RESERVED],
  ["extensions", RESERVED],
  ["wms_prod", ENDING],
  ["wms_dev", ENDING],
  ["wms_ci", ENDING],
  ["wms_pr_42", ENDING],
  ["wms_owner", ENDING],
  ["wms_reader", ENDING],
  ["wms_runtime", ENDING],
  ["wms_migrator", ENDING],
  ["wms_migrator_2", ENDING],
  ["wms_dev_2", ENDING],
  ["wms_pr_42_2", ENDING],
  ["a".repeat(70), LONG],
])("'%s' is not an app's name", (app, problem) => {
  expect(KNOWN.appProblem(app)).toBe(problem);
});

test("an app's name is too long from the byte on at which its second login is cut", () => {
  expect(KNOWN.appProblem("a".repeat(54))).toBeUndefined();
  expect(KNOWN.appProblem("a".repeat(55))).toBe(LONG);
});

test.each(["dev", "ci", "pr_42", "pr_2", "demo", "production"])(
  "%s is an environment outside prod",
  (name) => {
    expect(KNOWN.environmentProblem(name)).toBeUndefined();
  },
);

test.each([
  ["", `${LETTERS} 'dev'`],
  ["Dev", `${LETTERS} 'dev'`],
  ["42", `${LETTERS} 'dev'`],
  ["pr-42", `${LETTERS} 'dev'`],
  ["prod", "only the prod stack names prod schemas"],
  ["x_prod", "only the prod stack names prod schemas"],
  ["owner", "its end reads as a role; choose another name"],
  ["x_reader", "its end reads as a role; choose another name"],
  ["runtime", "its end reads as a role; choose another name"],
  ["x_migrator", "its end reads as a role; choose another name"],
  ["migrator_2", "its end reads as a role; choose another name"],
  ["dev_2", "its end reads as a role; choose another name"],
  ["pr_42_2", "its end reads as a role; choose another name"],
  ["x_dev", "its end reads as the environment dev; choose another name"],
  ["x_pr_42", "its end reads as the environment pr_42; choose another name"],
])("'%s' is not an environment outside prod", (name, problem) => {
  expect(KNOWN.environmentProblem(name)).toBe(problem);
});

test.each(["wms_qa", "wms_qa_2", "wms_dev", "wms_ci", "wms_prod", "wms_pr_1"])(
  "%s is no app's name beside a dev stack with the environment qa",
  (app) => {
    expect(WITH_QA.appProblem(app)).toBe(ENDING);
    expect(WITH_QA.appProblem("qa")).toBeUndefined();
  },
);

test.each([
  ["qa_2", "its end reads as a role; choose another name"],
  ["x_qa", "its end reads as the environment qa; choose another name"],
  ["qa", undefined],
])("beside it %s as an environment: %s", (environment, problem) => {
  expect(WITH_QA.environmentProblem(environment)).toBe(problem);
});

test.each([
  ["prod", "prod"],
  ["ci", "dev"],
  ["qa", "dev"],
  ["pr_42", "pr-42"],
  ["demo", "demo"],
])("the environment %s is the stack %s's", (environment, stack) => {
  expect(WITH_QA.stackOf(environment)).toBe(stack);
});

test.each([
  ["wms_prod", { app: "wms", environment: "prod", stack: "prod" }],
  ["wms_qa", { app: "wms", environment: "qa", stack: "dev" }],
  ["x_plan_pr_42", { app: "x_plan", environment: "pr_42", stack: "pr-42" }],
  ["wms_eu_dev", { app: "wms_eu", environment: "dev", stack: "dev" }],
  ["data_hub", undefined],
  ["_dev", undefined],
  ["dev", undefined],
  ["pr_42", undefined],
])("the name %s means %j", (name, meaning) => {
  expect(WITH_QA.meaningOf(name)).toEqual(meaning);
});

test("names are taken apart as they are put together, whatever underscores they have", () => {
  for (const app of ["wms", "x_plan", "a_b_c", "dev", "prod_tools"]) {
    for (const environment of ["prod", "dev", "ci", "qa", "pr_42"]) {
      const stack = WITH_QA.stackOf(environment);
      expect(WITH_QA.meaningOf(namesOf(app, environment).schema)).toEqual({ app, environment, stack });
    }
  }
});

test.each([
  ["wms_prod", true],
  ["wms_qa", true],
  ["wms_demo", true],
  ["wms_pr_42", true],
  ["wms_eu_dev", false],
  ["wms_eu_qa", false],
  ["wms_prod_owner", false],
  ["wms", false],
  ["xwms_dev", false],
])("whether %s is a schema of wms: %s", (schema, is) => {
  expect(WITH_QA.isSchemaOf("wms", schema)).toBe(is);
});

test.each([
  // Outside prod the second login is the longest name, in prod the reader.
  [namesOf("a".repeat(50), "dev"), false, []],
  [namesOf("a".repeat(51), "dev"), false, [`portal_${"a".repeat(51)}_dev_2`]],
  [namesOf("a".repeat(51), "prod"), false, []],
  [namesOf("a".repeat(52), "prod"), false, [`${"a".repeat(52)}_prod_reader`]],
  // With a login for migrations, its twin.
  [namesOf("a".repeat(41), "dev"), true, []],
  [namesOf("a".repeat(42), "dev"), true, [`portal_${"a".repeat(42)}_dev_migrator_2`]],
])("names of 63 bytes stand, those of 64 are named (case %#)", (names, hasMigrator, expected) => {
  expect(tooLong(names, hasMigrator)).toEqual(expected);
});

test("every name over 63 bytes is named, by bytes and not by letters", () => {
  const names = {
    ...namesOf("wms", "dev"),
    schema: "ä".repeat(31),
    owner: "ä".repeat(32),
    reader: "b".repeat(63),
  };
  expect(tooLong(names, false)).toEqual(["ä".repeat(32)]);
  const long = namesOf("a".repeat(60), "dev");
  expect(tooLong(long, true)).toEqual([
    long.schema,
    long.owner,
    long.reader,
    long.secondLogin,
    long.runtime,
    long.secondMigrator,
  ]);
});
