import { inputOf, textOf, textsOf, UNKNOWN } from "../../access/inputs";
import { type Kind, kindOfResource, whatOf } from "./kind";
import { changedKeys, type PreviewedResource } from "./resource";

/** Properties whose values are shown; of all others only the name, since a value may be anything. */
const SHOWN = [
  ...[
    "connectionLimit",
    "instanceClass",
    "engineVersion",
    "allocatedStorage",
    "maxAllocatedStorage",
    "multiAz",
  ],
  ...[
    "backupRetentionPeriod",
    "publiclyAccessible",
    "deletionProtection",
    "storageEncrypted",
    "name",
    "dropCascade",
  ],
  ...[
    "assumeRole",
    "roles",
    "privileges",
    "cidrIpv4",
    "cidrIpv6",
    "referencedSecurityGroupId",
    "threshold",
    "family",
  ],
];

/** Kinds that only serve another one, which is named instead. */
const SERVING: readonly Kind[] = [
  "component",
  "grant",
  "default privileges",
  "read policy",
  "password",
  "secret value",
];

function shown(value: unknown): string {
  if (value === undefined) return "unset";
  if (value === UNKNOWN) return "known at deploy";
  if (Array.isArray(value)) return value.map(shown).join(", ") || "none";
  return typeof value === "object" ? "…" : String(value);
}

/** What an update changes, e.g. `connectionLimit 10 → 40`. */
function changesOf(resource: PreviewedResource): string[] {
  const { before, after } = resource;
  return changedKeys(resource).map((key) => {
    if (!SHOWN.includes(key)) return key;
    return `${key} ${shown(inputOf(before?.inputs ?? {}, key))} → ${shown(inputOf(after?.inputs ?? {}, key))}`;
  });
}

/** What a grant or a network rule is about. */
function detailOf({ before, after }: PreviewedResource): string {
  const inputs = (after ?? before)?.inputs ?? {};
  const role = textOf(inputs, "role");
  const source = ["cidrIpv4", "cidrIpv6", "referencedSecurityGroupId"].flatMap((key) => textsOf(inputs, key));
  if (source.length > 0) return ` (${source.join(", ")})`;
  if (role === undefined || !("privileges" in inputs)) return "";
  const place = `${textOf(inputs, "objectType") ?? "object"} ${textOf(inputs, "schema") ?? textOf(inputs, "database") ?? ""}`;
  return ` (${textsOf(inputs, "privileges").join(", ") || "nothing"} on ${place.trim()} to ${role})`;
}

/** One resource's change in words, e.g. `login portal_wms: connectionLimit 10 → 40`. */
export function phraseOf(resource: PreviewedResource): string {
  const what = `${whatOf(resource)}${detailOf(resource)}`;
  switch (resource.op) {
    case "create":
      return `new ${what}`;
    case "import":
      return `${what} is adopted`;
    case "delete":
      return `${what} goes`;
    case "replace":
      return `${what} is replaced${changedKeys(resource).length > 0 ? `: ${changesOf(resource).join(", ")}` : ""}`;
    case "update":
      return `${what}: ${changesOf(resource).join(", ") || "a value that is not shown"}`;
    default:
      return `${what}: ${resource.op}`;
  }
}

/** What changes for an app, or for another part of the stack, in one sentence. */
export function headline(title: string, isApp: boolean, resources: readonly PreviewedResource[]): string {
  const parts = ["schema", "login", "role", "secret"] as const;
  const isWhole = (op: "create" | "delete") =>
    isApp &&
    ["schema", "login"].every((kind) =>
      resources.some((one) => one.op === op && kindOfResource(one) === kind),
    );
  const named = (op: "create" | "delete") =>
    parts
      .filter((kind) => kind !== "role" || resources.some((one) => isReader(one) && one.op === op))
      .flatMap((kind) =>
        resources.filter(
          (one) => one.op === op && kindOfResource(one) === kind && (kind !== "role" || isReader(one)),
        ),
      )
      .map((one) => whatOf(one).replace(/^role /, "reader "))
      .join(", ");
  if (isWhole("create")) return `new app ${title}: ${named("create")}`;
  if (isWhole("delete")) return `app ${title} goes: ${named("delete")}`;
  const main = resources.filter((one) => !SERVING.includes(kindOfResource(one)));
  const phrases = (main.length > 0 ? main : resources).map(phraseOf);
  const some = phrases.slice(0, 4).join("; ");
  const more = phrases.length > 4 ? `; and ${phrases.length - 4} more` : "";
  return `${isApp ? "app " : ""}${title}: ${some}${more}`;
}

function isReader(resource: PreviewedResource): boolean {
  return kindOfResource(resource) === "role" && whatOf(resource).endsWith("_reader");
}
