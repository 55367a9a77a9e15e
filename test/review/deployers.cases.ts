import { previewFrom, stepOf } from "./engine-preview";
import { judge } from "./judge";
import { StackProgram, TWO_APPS } from "./program-preview";

let prod: StackProgram;

beforeAll(async () => {
  prod = await StackProgram.of("prod", TWO_APPS);
});

/** The matrix's rows of a role, as a preview shows it after a refresh. */
function rowsOf(role: string, program: StackProgram): string[] {
  const steps = [...program.states.values()].map((state) => stepOf(state, state));
  return judge(previewFrom(steps))
    .access.filter((row) => row.role === role)
    .map(({ schema, after }) => `${schema}: ${after.join(", ")}`);
}

const foundIn = (name: string, roles: readonly string[]) =>
  prod.with(name, { roles: ["portal_db_owner", ...roles] });

test("after a refresh a deployer has no rights of an app whose roles it made: it administers them", () => {
  const made = ["wms_prod_owner", "wms_prod_reader", "portal_wms", "auth_prod_owner", "portal_auth"];
  expect(rowsOf("portal_db_admin", foundIn("deployers-admin", made))).toEqual(["—: connect"]);
  const madeForDev = ["wms_dev_owner", "portal_wms_dev", "wms_ci_owner"];
  expect(rowsOf("portal_db_dev_admin", foundIn("deployers-dev-admin", madeForDev))).toEqual(["—: connect"]);
});

test("it has those of a role that the other one made, and whoever is no deployer has all", () => {
  expect(rowsOf("portal_db_dev_admin", foundIn("deployers-dev-admin", ["wms_prod_owner"]))).toEqual([
    "wms_prod: connect, use, create, read, write, own",
  ]);
  const reader = prod.with("auth-prod-owner", { roles: ["wms_prod_owner"] });
  expect(rowsOf("auth_prod_owner", reader)).toEqual([
    "auth_prod: use, create, read, write, own",
    "wms_prod: use, create, read, write, own",
  ]);
});
