import type { ResourceValidationArgs } from "@pulumi/policy";
import { BOUNDARY } from "../../policy/boundary";
import exceptions from "../../policy/exceptions.json";
import { enforcementOf, policiesOf } from "../../policy/policies";
import { resource, UNKNOWN_TEXT } from "./verdict";

/** Properties that throw when one that is not known yet is read, as the policy SDK hands them over. */
function unknownChecking(props: Record<string, unknown>): Record<string, unknown> {
  const get = (target: Record<string, unknown>, key: string) => {
    if (target[key] === UNKNOWN_TEXT) throw new Error(`${key} can't be known during preview`);
    return target[key];
  };
  return new Proxy(props, { get: (target, key) => get(target, String(key)) });
}

/** What the pack reports of one resource in a stack, as [policy, message]. */
function reports(stack: string, type: string, props: Record<string, unknown>, protect = true): string[][] {
  const found: string[][] = [];
  for (const { name, validateResource } of policiesOf(stack)) {
    const args = { ...resource(type), props: unknownChecking(props), opts: { protect } };
    for (const validate of [validateResource ?? []].flat()) {
      validate(args as unknown as ResourceValidationArgs, (message) => found.push([name, String(message)]));
    }
  }
  return found;
}

describe("the policy pack", () => {
  it("stops prod, and tells every other stack, but for what crosses a boundary, which stops every one", () => {
    expect(["prod", "dev", "pr-42"].map(enforcementOf)).toEqual(["mandatory", "advisory", "advisory"]);
    const mandatory = policiesOf("dev").filter(({ enforcementLevel }) => enforcementLevel === "mandatory");
    expect(mandatory.map(({ name }) => name)).toEqual(BOUNDARY.map(([name]) => name));
  });

  it("has one policy a rule, each with a name of its own", () => {
    expect(policiesOf("prod").map(({ name }) => name)).toEqual([
      "protected-in-prod",
      "no-cascade-in-prod",
      "storage-encrypted",
      "not-public",
      "deletion-protection",
      "backups-retained",
      "final-snapshot",
      "force-ssl",
      "quiet-server",
      "harmless-parameters",
      "no-open-ingress",
      "closed-machine",
      "alarms-arrive",
      "admin-not-superuser",
      "long-password",
      "secret-with-own-key",
      "secret-in-one-region",
      "recoverable-in-prod",
      "login-can-connect",
      "transactions-end",
      "people-end",
      "login-fits-owner",
      "tagged",
      "own-roles-alone",
      "own-schemas-alone",
      "no-grant-to-public",
      "no-powerful-role",
      "role-as-declared",
      "database-as-made",
      "no-foreign-function",
      "trusted-extensions",
      "reads-named-secrets",
      "attaches-own-policies",
      "trusts-services-alone",
      "value-of-own-secret",
      "no-copied-instance",
      "bastion-as-declared",
      "key-of-its-account",
      "key-grant-for-one-secret",
      "secret-without-guests",
      "names-fit-stack",
      "known-type",
    ]);
  });

  it("turns down only rules that it has, each by name", () => {
    const names = policiesOf("prod").map(({ name }) => name);
    expect(Object.keys(exceptions).filter((name) => !names.includes(name))).toEqual([]);
  });

  it("reports the resource with what is wrong and what to do", () => {
    expect(
      reports("prod", "postgresql:index/schema:Schema", { name: "wms_prod", dropCascade: false }, false),
    ).toEqual([
      [
        "protected-in-prod",
        "resource is not protected; a delete or a replacement would go through: set protect",
      ],
    ]);
  });

  it("judges a resource by the stack that declares it", () => {
    expect(
      reports("dev", "postgresql:index/schema:Schema", { name: "wms_dev", dropCascade: true }, false),
    ).toEqual([]);
  });

  it("looks at the rest of a resource that is not wholly known yet", () => {
    const props = { role: "public", objectType: "database", database: UNKNOWN_TEXT, privileges: ["CONNECT"] };
    expect(reports("prod", "postgresql:index/grant:Grant", props)).toEqual([
      [
        "no-grant-to-public",
        "resource grants CONNECT to PUBLIC, which is every role: grant to a role of the app",
      ],
    ]);
  });
});
