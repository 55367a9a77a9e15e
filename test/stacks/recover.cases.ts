import { createOf, KNOWN_CREATES } from "../../ops/recover/creates";
import { runStack } from "../helpers/stack-run";

const BASTION = { subnetId: "subnet-0a1b2c3d4e5f60711", instanceType: "t4g.nano" };
const OPTIONAL = {
  bastion: BASTION,
  alarmEmails: ["ops@example.com"],
  extensions: ["citext"],
  masterPassword: undefined,
};

test("recover knows what becomes of a create that was cut off, of every type that a stack declares and no other", async () => {
  const adoptedLogins = { wms_prod: "present-password-of-wms" };
  const runs = [await runStack("prod", { ...OPTIONAL, adoptedLogins }), await runStack("dev")];
  const declared = runs
    .flatMap(({ identitiesByParent }) => Object.values(identitiesByParent).flat())
    .map((identity) => identity.split("::")[0] ?? "")
    .filter((type) => !type.startsWith("portal-db:") && !type.startsWith("pulumi:"));
  expect([...new Set(declared)].sort()).toEqual([...KNOWN_CREATES].sort());
  expect(createOf({ urn: "", type: "pulumi:providers:postgresql" })).toEqual({ by: "again" });
});
