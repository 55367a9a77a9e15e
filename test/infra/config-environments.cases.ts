import { problemsOf } from "../helpers/config-problems";

const LETTERS = "use lower-case letters, digits and '_', starting with a letter, such as 'dev'";

test.each([
  [["dev", "prod"], ["environments: 'prod': only the prod stack names prod schemas"]],
  [["dev", "x_prod"], ["environments: 'x_prod': only the prod stack names prod schemas"]],
  [["dev", "ci", "dev"], ["environments: 'dev' stands twice"]],
  [["Dev"], [`environments: 'Dev': ${LETTERS}`]],
  [["pr-42"], [`environments: 'pr-42': ${LETTERS}`]],
  [["dev_owner"], ["environments: 'dev_owner': its end reads as a role; choose another name"]],
  [["ci", "dev_2"], ["environments: 'dev_2': its end reads as a role; choose another name"]],
  ["dev", ["environments: must be a list of environments, such as [dev, ci]"]],
  [[], ["environments: needs one or more"]],
  [[5], ["environments.0: must be a name"]],
  [["dev"], []],
  [["dev", "ci", "pr_42"], []],
])("dev's environments %j: %j", (environments, problems) => {
  expect(problemsOf("dev", { environments })).toEqual(problems);
});

test("a doubled environment is one problem, and none of its apps", () => {
  expect(problemsOf("dev", { environments: ["dev", "dev"] })).toEqual(["environments: 'dev' stands twice"]);
});

test.each([
  ["prod", ["dev"], "the prod stack has the environment prod alone"],
  ["prod", ["prod", "dev"], "the prod stack has the environment prod alone"],
  ["pr-42", ["dev"], "stack pr-42 has the environment of its own name alone"],
  ["pr-42", ["pr_42", "dev"], "stack pr-42 has the environment of its own name alone"],
])("the stack %s may not have the environments %j", (stack, environments, problem) => {
  expect(problemsOf(stack, { environments })).toEqual([`environments: ${problem}; remove the setting`]);
});

test.each(["ci", "CI", "Dev"])("no stack but dev may stand for an environment of dev's: %s", (stack) => {
  const environment = stack.toLowerCase();
  expect(problemsOf(stack, {})).toEqual([
    `environments: the stack dev owns ${environment}; give the stack ${stack} another name`,
  ]);
});

test.each([
  ["prod", ["prod"]],
  ["pr-42", ["pr_42"]],
])("the stack %s may name its own environment", (stack, environments) => {
  expect(problemsOf(stack, { environments })).toEqual([]);
});

test.each([
  ["42", `environments: '42': ${LETTERS}`],
  ["v1.2", `environments: 'v1.2': ${LETTERS}`],
  ["Prod", "environments: 'prod': only the prod stack names prod schemas"],
  ["x-prod", "environments: 'x_prod': only the prod stack names prod schemas"],
  ["dev-2", "environments: 'dev_2': its end reads as a role; choose another name"],
])("the stack name %s is no environment", (stack, problem) => {
  expect(problemsOf(stack)).toEqual([problem]);
});

test("a present password of a login that the stack does not declare is refused", () => {
  expect(problemsOf("dev", { apps: { wms: {} }, adoptedLogins: { wms_prod: "Present1" } })).toEqual([
    "adoptedLogins.wms_prod: no such schema in this stack; it has wms_dev, wms_ci",
  ]);
  expect(problemsOf("dev", { apps: {}, adoptedLogins: { wms_dev: "Present1" } })).toEqual([
    "adoptedLogins.wms_dev: no such schema in this stack; it has none",
  ]);
  expect(problemsOf("prod", { adoptedLogins: { wms_prod: "Present1" } })).toEqual([]);
  expect(problemsOf("prod", { adoptedLogins: { wms_prod: "Pre\\sent1" } })).toEqual([]);
});
