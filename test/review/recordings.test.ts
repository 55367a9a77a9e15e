import { kindOfResource } from "../../ops/review/kind";
import { parsePreview } from "../../ops/review/preview";
import type { PrintedPreview, PrintedState, PrintedStep } from "./engine-preview";
import { judge, type Said, saidOf } from "./judge";
import { previewBetween, StackProgram } from "./program-preview";
import { recording, recordingNames } from "./recordings";

/** What a reviewer is told of each preview. */
const SAID: Readonly<Record<string, Said>> = {
  "adopt-prod": {
    exit: 0,
    incomplete: [],
    groups: [
      "interrupts: instance: new alarm topic portal-db-alarms; new parameter group ecomos-prod-postgres17; new random id instance-final-snapshot; new key Storage of ecomos-prod; and 11 more",
      "widens access: new app xplan in prod: schema xplan_prod, login portal_xplan, secret portal-db/prod/xplan",
      "widens access: new app wms in prod: schema wms_prod, login portal_wms, reader wms_prod_reader, secret portal-db/prod/wms",
      "widens access: database-wide: new schema extensions; new role portal_db_connect",
      "widens access: new app website in prod: schema website_prod, login portal_website, secret portal-db/prod/website",
      "widens access: new app auth in prod: schema auth_prod, login portal_auth, secret portal-db/prod/auth",
      "safe: stack: new key Secrets of the stack prod of portal-db; new key alias alias/portal-db-prod; new secret portal-db/admin; new provider admin",
    ],
    findings: [
      "interrupts",
      "interrupts | instance ecomos-prod | applyImmediately: may restart the instance: look at it",
      "interrupts | instance ecomos-prod | availabilityZone: may restart the instance: look at it",
      "interrupts | instance ecomos-prod | takes effect with a reboot",
      "interrupts | instance ecomos-prod | deleteAutomatedBackups: may restart the instance: look at it",
      "interrupts | instance ecomos-prod | id: may restart the instance: look at it",
      "interrupts | instance ecomos-prod | the instance restarts with another class",
      "interrupts | instance ecomos-prod | licenseModel: may restart the instance: look at it",
      "interrupts | instance ecomos-prod | storage grows while the instance runs, and cannot shrink",
      "interrupts | instance ecomos-prod | the standby comes or goes: without it a failure is an outage",
      "interrupts | instance ecomos-prod | optionGroupName: may restart the instance: look at it",
      "interrupts | instance ecomos-prod | the admin's password changes",
      "interrupts | instance ecomos-prod | storageType: may restart the instance: look at it",
      "widens access | IAM role ecomos-prod-monitoring | somebody may do something in the account: read the policy",
      "widens access | policy attachment instance-monitoring-policy | somebody may do something in the account: read the policy",
      "widens access | network rule instance-network-ingress-apps | a network or a group reaches the instance",
      "widens access | instance ecomos-prod | who can reach the instance changes: look at it",
      "widens access | read policy portal-db-prod-xplan-read | what it allows is known at deploy alone, where the policy pack holds it",
      "widens access | read policy portal-db-prod-wms-read | what it allows is known at deploy alone, where the policy pack holds it",
      "widens access | grant database-public-schema | public gets USAGE on schema in public",
      "widens access | read policy portal-db-prod-website-read | what it allows is known at deploy alone, where the policy pack holds it",
      "widens access | read policy portal-db-prod-auth-read | what it allows is known at deploy alone, where the policy pack holds it",
    ],
    cells: [
      "auth_prod_owner on auth_prod: +use +create +read +write +own",
      "portal_auth on auth_prod: +connect +use +create +read +write +own",
      "portal_auth on extensions: +connect +use",
      "portal_db_connect on extensions: +connect +use",
      "portal_website on extensions: +connect +use",
      "portal_website on website_prod: +connect +use +create +read +write +own",
      "portal_wms on extensions: +connect +use",
      "portal_wms on wms_prod: +connect +use +create +read +write +own",
      "portal_xplan on extensions: +connect +use",
      "portal_xplan on xplan_prod: +connect +use +create +read +write +own",
      "website_prod_owner on website_prod: +use +create +read +write +own",
      "wms_prod_owner on wms_prod: +use +create +read +write +own",
      "wms_prod_reader on wms_prod: +use +read",
      "xplan_prod_owner on xplan_prod: +use +create +read +write +own",
    ],
    known: ["instance ecomos-prod | has storageEncrypted off: set it to true (storage-encrypted)"],
  },
  "no-change-prod": {
    exit: 0,
    incomplete: [],
    groups: [],
    findings: ["safe"],
    cells: [],
    known: [],
  },
  "remove-app-prod-protected": {
    exit: 2,
    incomplete: [
      'Preview failed: resource "urn:pulumi:prod::portal-db::portal-db:index:AppSchema$aws:secretsmanager/secret:Secret::website-prod-secret" cannot be deleted because it is protected. To unprotect the resource, either remove the `protect` flag from the resource in your Pulumi program and run `pulumi up`, or use the command:',
      "preview failed",
    ],
    groups: ["blocks: app website in prod: secret portal-db/prod/website goes"],
    findings: [
      "blocks",
      "blocks | secret portal-db/prod/website | deletes a prod secret: its app finds no URL at the next deploy",
      "interrupts | secret value website-prod-secret-value | its app finds no URL at the next deploy",
      "narrows access | read policy portal-db-prod-website-read | whoever used it may not any more",
    ],
    cells: [],
    known: [],
  },
  "rotate-credential-dev": {
    exit: 0,
    incomplete: [],
    groups: [
      "widens access: app wms in ci: new login portal_wms_ci_2",
      "widens access: app wms in dev: new login portal_wms_dev_2",
    ],
    findings: [
      "widens access",
      "widens access | portal_wms_ci_2 | gains use, create, read, write, own on wms_ci",
      "widens access | portal_wms_dev_2 | gains use, create, read, write, own on wms_dev",
    ],
    cells: [
      "portal_wms_ci_2 on wms_ci: +use +create +read +write +own",
      "portal_wms_dev_2 on wms_dev: +use +create +read +write +own",
    ],
    known: [],
  },
};

test("each recording is among those that are held", () => {
  expect(recordingNames()).toEqual(Object.keys(SAID));
});

test.each(Object.keys(SAID))("%s", (name) => {
  expect(saidOf(recording(name))).toEqual(SAID[name]);
});

test.each(Object.keys(SAID))(
  "review knows all of %s: no type, step, property or state is unknown to it",
  (name) => {
    const { resources } = parsePreview(recording(name));
    const strangers = resources.filter(
      (one) => one.op === "unknown" || kindOfResource(one) === "unknown type",
    );
    expect(strangers).toEqual([]);
    const { groups, known } = judge(recording(name));
    const findings = [...groups.flatMap((group) => group.findings), ...known];
    const blind = findings.filter(
      (one) =>
        ["unknown", "blind"].includes(one.kind) ||
        (one.kind === "access of a resource" && one.direction === "unknown"),
    );
    expect(blind).toEqual([]);
  },
);

/** Keys that steps of each kind have, and those of their states. */
function formOf({ steps }: PrintedPreview): Map<string, Set<string>> {
  const form = new Map<string, Set<string>>();
  const add = (where: string, part: PrintedStep | PrintedState | undefined) => {
    const keys = form.get(where) ?? new Set<string>();
    // What JSON leaves out does not count.
    for (const key of Object.keys(JSON.parse(JSON.stringify(part ?? {})))) keys.add(key);
    form.set(where, keys);
  };
  for (const step of steps) {
    add(step.op, step);
    add(`oldState of ${step.op}`, step.oldState);
    add(`newState of ${step.op}`, step.newState);
  }
  return form;
}

test("a preview made from the programs has nothing in it that the engine does not print", async () => {
  const official = new Map<string, Set<string>>();
  for (const name of recordingNames()) {
    for (const [where, keys] of formOf(recording(name))) {
      official.set(where, new Set([...(official.get(where) ?? []), ...keys]));
    }
  }
  const withApps = (apps: object) => StackProgram.of("prod", { apps, multiAz: "true" });
  const before = await withApps({ wms: { credential: 2 }, auth: {} });
  const after = (await withApps({ wms: { credential: 3 }, xplan: {} })).with("instance", { multiAz: false });
  const made = formOf(previewBetween(before, after));
  expect([...made.keys()].filter((where) => !where.includes(" ")).sort()).toEqual([
    "create",
    "delete",
    "replace",
    "same",
    "update",
  ]);
  const inventions = [...made].flatMap(([where, keys]) =>
    [...keys].filter((key) => official.get(where)?.has(key) !== true).map((key) => `${where}: ${key}`),
  );
  expect(inventions).toEqual([]);
});
