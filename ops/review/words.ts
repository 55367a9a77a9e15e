import { textOf, textsOf } from "../../access/declared-resource";
import { PUBLIC } from "../../access/facts";
import { NO_SCHEMA } from "../../access/matrix";
import { changedKeys } from "./changed";
import type { AccessChange, Cause, Finding, GrantedRight, Judgement, ResourceAccess } from "./finding";
import { kindOfResource, nounOf, subjectOf } from "./kind";
import { isLetGo, isRemade } from "./remade";
import type { PreviewedResource } from "./resource";
import { joined, quoting, type Sentence, say } from "./sentence";
import { allChangesOf, isNoValue, parameterChangesOf, type ValueChange } from "./value";

/** One property's change, e.g. `instanceClass db.t4g.small → db.t4g.medium, in the maintenance window`. */
export function changeWords({ property, before, after, when }: ValueChange): Sentence {
  const shown = (quoted: string, other: string): Sentence =>
    isNoValue(quoted) ? [quoted] : [{ quoted, other }];
  const change =
    before !== after
      ? [...say`${property} `, ...shown(before, after), " → ", ...shown(after, before)]
      : isNoValue(after)
        ? [...say`${property}`, `, ${after}`]
        : [...say`${property} ${after}`, ", in a part that is not shown"];
  return when === undefined ? change : [...change, `, ${when}`];
}

const changesWords = (changes: readonly ValueChange[]): Sentence => joined(changes.map(changeWords), "; ");

/** The last part of an ARN, which names a policy. */
const lastOf = (arn: string) => arn.slice(arn.lastIndexOf("/") + 1);

/** What a grant, a network rule or an attachment is about. */
function detailOf({ type, before, after }: PreviewedResource): Sentence {
  const inputs = (after ?? before)?.inputs ?? {};
  const role = textOf(inputs, "role");
  const sources = ["cidrIpv4", "cidrIpv6", "cidrBlocks", "ipv6CidrBlocks", "referencedSecurityGroupId"];
  const source = sources.flatMap((key) => textsOf(inputs, key));
  if (source.length > 0) return say` (${source.join(", ")})`;
  const policy = textOf(inputs, "policyArn");
  if (policy !== undefined && role !== undefined) return say` (${lastOf(policy)} to ${role})`;
  const group = textOf(inputs, "grantRole");
  if (type === "postgresql:index/grantRole:GrantRole" && group !== undefined && role !== undefined)
    return say` (${group} to ${role})`;
  if (role === undefined || !("privileges" in inputs)) return [];
  const privileges = textsOf(inputs, "privileges");
  const on = OBJECT_TYPES.find((one) => one === textOf(inputs, "objectType")) ?? "object";
  const place = textOf(inputs, "schema") ?? textOf(inputs, "database") ?? "the database";
  const what = privileges.length === 0 ? ["nothing"] : say`${privileges.join(", ")}`;
  const isPlace = ["schema", "database"].includes(on);
  return say` (${what} on ${[isPlace ? on : `each ${on} in`]} ${place} to ${role})`;
}

/** Kind and name. */
function nameWords(resource: PreviewedResource): Sentence {
  const kind = kindOfResource(resource);
  const noun = kind === "unknown type" ? say`${nounOf(resource)} ` : [`${kind} `];
  return [...noun, ...say`${subjectOf(resource)}`];
}

/** What a judgement is about: kind, name, and what a reader needs besides, unless its words say it. */
export function subjectWords(resource: PreviewedResource, { kind }: Cause): Sentence {
  return kind === "access of a resource"
    ? nameWords(resource)
    : [...nameWords(resource), ...detailOf(resource)];
}

/** What a new parameter group sets: whoever takes over an instance has it in place of what its own group set. */
export function parametersWords(resource: PreviewedResource): Sentence {
  if (resource.op !== "create" || kindOfResource(resource) !== "parameter group") return [];
  const rows = parameterChangesOf(resource).map(({ property, after }) => say`${property} ${after}`);
  return rows.length === 0 ? [] : [", which sets ", ...joined(rows, ", ")];
}

/** Whether the deploy takes over what exists. */
export const isImported = ({ steps }: PreviewedResource): boolean => steps.includes("import");

/** One resource's change in words, e.g. `login portal_wms: connectionLimit 10 → 40`. */
export function phraseOf(resource: PreviewedResource): Sentence {
  const what = [...nameWords(resource), ...detailOf(resource)];
  const changes = changesWords(allChangesOf(resource, kindOfResource(resource)));
  const { op, before, after, steps } = resource;
  switch (op) {
    case "create":
      return isRemade(resource) ? [...what, " is gone already, and is made anew"] : ["new ", ...what];
    case "import":
      return [...what, " is taken over"];
    case "delete":
      return [...what, " goes"];
    case "replace":
      return [...what, " is replaced", ...(changes.length > 0 ? [": ", ...changes] : [])];
    case "update":
      if (changes.length === 0) return [...what, " changes, and the preview does not say how"];
      return [...what, isImported(resource) ? " is taken over, and changes: " : ": ", ...changes];
    case "unknown":
      return [...what, ...say` has steps that the review does not know: ${steps.join(", ")}`];
    default:
      if (before?.protect === true && after?.protect === false)
        return [...what, " loses its protection from a deploy that deletes it"];
      if (isLetGo(resource)) return [...what, " would not stay any more when a deploy drops it"];
      return [...what, changedKeys(resource).length > 0 ? " changes" : " stays as it is"];
  }
}

/** What a grant is on, as Postgres says it. */
const OBJECT_TYPES = [
  ...["database", "schema", "table", "sequence", "function", "procedure", "routine", "column"],
  ...["foreign_data_wrapper", "foreign_server", "parameter", "tablespace", "language", "type"],
];

/** A right that a resource gives, e.g. `USAGE on the schema wms_prod`. */
function rightWords(right: GrantedRight): Sentence {
  if ("group" in right) return say`membership in ${right.group}`;
  const { privilege, objectType, place = "the database", objects, madeBy, grantable } = right;
  const type = OBJECT_TYPES.find((one) => one === objectType) ?? "object";
  const isPlace = ["schema", "database"].includes(type);
  const some = objects.length > 0 ? say`the ${[type]} ${objects.join(", ")} in ${place}` : undefined;
  const all = isPlace ? say`the ${[type]} ${place}` : say`each ${[type]} in ${place}`;
  return [
    ...say`${privilege} on `,
    ...(some ?? all),
    ...(madeBy === undefined ? [] : say` made by ${madeBy}`),
    grantable ? " with the right to pass it on" : "",
  ];
}

/** What one resource does to a role's rights. @param isOwn whether the resource is the role itself */
function resourceAccessWords({ role = "", direction, rights }: ResourceAccess, isOwn: boolean): Sentence {
  const list = joined(rights.map(rightWords), ", ");
  switch (direction) {
    case "gains":
      return isOwn ? ["gets ", ...list] : [...say`gives ${role} `, ...list];
    case "loses":
      return isOwn ? ["loses ", ...list] : [...say`takes from ${role} `, ...list];
    case "neither":
      return ["grants what it did, or goes and comes with its role"];
    case "unknown":
      return ["grants what cannot be told from the preview"];
  }
}

/** What the matrix says of a role, e.g. `gains read on wms_prod`. */
function accessChangeWords({ role, schema, direction, rights }: AccessChange): Sentence {
  const place = schema === NO_SCHEMA ? ["the database"] : say`${schema}`;
  const everybody = role === PUBLIC ? "; PUBLIC is every role there is" : "";
  return [`${direction} ${rights.join(", ")} on `, ...place, everybody];
}

/** Why a reviewer should know, in words: what follows the subject. */
function reasonOf(judgement: Judgement, redact: (text: string) => string): Sentence {
  switch (judgement.kind) {
    case "rule":
      return [...quoting(redact(judgement.problem), judgement.names.map(redact)), ` (${judgement.rule})`];
    case "table":
    case "unknown": {
      const { meaning, changes, names } = judgement;
      const words = names === undefined ? [meaning] : quoting(redact(meaning), names.map(redact));
      return changes.length === 0 ? words : [...words, " (", ...changesWords(changes), ")"];
    }
    case "access of a resource":
      return resourceAccessWords(judgement, judgement.what.endsWith(` ${judgement.role}`));
    case "access matrix":
      return accessChangeWords(judgement);
    case "reads several":
      return [
        "reads ",
        ...joined(
          judgement.schemas.map((schema) => say`${schema}`),
          ", ",
        ),
        ": the code of each of these apps, its views and functions, runs with this one's rights on the others, and may hand on what it reads there",
      ];
    case "credential":
      return [
        `has a credential that goes down from ${judgement.from} to ${judgement.to}: the URL in use is closed, and no earlier one comes back; raise it instead`,
      ];
    case "form":
      return judgement.form === "taken over"
        ? [
            "is new, in the form of one that is taken over: it would have its owner's rights without acting as the owner; declare it as access.ts does",
          ]
        : [
            "is new, in the form of an earlier version: it has its owner's rights without acting as the owner",
          ];
    case "blind":
      return ["changes, and the preview does not show its state"];
  }
}

/**
 * A judgement with its words, which are the last that is made of it.
 * @param redact takes secrets out of a text before it is taken apart: a part of one would not be known any more
 */
export function worded(judgement: Judgement, redact: (text: string) => string): Finding {
  return { ...judgement, reason: reasonOf(judgement, redact).filter((part) => part !== "") };
}
