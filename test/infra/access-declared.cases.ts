import { declaredApps, stackResources } from "../../access/stack";
import { settingsOf } from "../helpers/settings";
import { runStack } from "../helpers/stack-run";

/** Inputs that decide access; a declared resource may have more, such as a password. */
const ACCESS_INPUTS = [
  ...["name", "database", "schema", "owner", "role", "objectType", "privileges", "login", "roles"],
  ...["assumeRole", "grantRole", "superuser", "policies", "objects", "columns", "withGrantOption"],
];

const APPS = {
  auth: {},
  wms: { reader: true },
  xplan: { credential: 2 },
  website: { reader: true, credential: 3 },
};

const withPrefix = (settings: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(settings).map(([key, value]) => [`portal-db:${key}`, value]));

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);

describe.each(["prod", "dev", "pr-42"])("what is computed for %s without Pulumi", (stack) => {
  test("is what the program declares, name by name and input by input", async () => {
    const run = await runStack(stack, { apps: APPS, connectionShare: 200 });
    const declared = run.resources
      .filter(({ type }) => type.startsWith("postgresql:") && type !== "postgresql:index/extension:Extension")
      .map(({ type, name, inputs }) => ({
        type,
        name,
        inputs: Object.fromEntries(Object.entries(inputs).filter(([key]) => ACCESS_INPUTS.includes(key))),
      }));
    const computed = stackResources(declaredApps(stack, withPrefix(settingsOf(stack, { apps: APPS }))));
    // What holds for the whole database is declared by prod alone, and holds for every stack's roles.
    const own = stack === "prod" ? computed : computed.filter(({ name }) => !name.startsWith("database-"));
    expect([...own].sort(byName)).toEqual([...declared].sort(byName));
  });
});
