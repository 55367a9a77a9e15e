import type { Right } from "../../access/matrix";
import { MistakeError } from "../../infra/mistake";
import type { Preview } from "./preview";
import type { Sentence } from "./sentence";
import type { ValueChange } from "./value";

/** What a change means for data, access and running apps, gravest first. */
export const RISKS = [
  "blocks",
  "loses data",
  "interrupts",
  "widens access",
  "narrows access",
  "safe",
] as const;

/** One of them. */
export type Risk = (typeof RISKS)[number];

/** The gravest of some; `safe` when there are none. */
export function gravest(risks: Iterable<Risk>): Risk {
  const found = new Set(risks);
  return RISKS.find((risk) => found.has(risk)) ?? "safe";
}

/** Sorts the gravest first. */
export function byRisk(a: { readonly risk: Risk }, b: { readonly risk: Risk }): number {
  return RISKS.indexOf(a.risk) - RISKS.indexOf(b.risk);
}

/** A right as a resource gives it: a membership, or a privilege on some objects. */
export type GrantedRight =
  | { readonly group: string }
  | {
      readonly privilege: string;
      readonly objectType: string | undefined;
      /** Schema or database that the objects are in. */
      readonly place: string | undefined;
      /** Names of single objects or columns; empty for all of the place. */
      readonly objects: readonly string[];
      /** Whose later objects default privileges are about. */
      readonly madeBy: string | undefined;
      readonly grantable: boolean;
    };

/** A cell or more of the matrix in which a role gains or loses rights on a schema. */
export interface AccessChange {
  readonly role: string;
  readonly schema: string;
  readonly direction: "gains" | "loses";
  readonly rights: readonly Right[];
}

/** What one resource does to a role's rights, as far as it can be told. */
export interface ResourceAccess {
  readonly role: string | undefined;
  readonly schema: string | undefined;
  readonly direction: "gains" | "loses" | "neither" | "unknown";
  /** What is gained or lost. */
  readonly rights: readonly GrantedRight[];
}

/** Where a finding comes from, with all that its words are made of. */
export type Cause =
  /** A safety rule that the new state breaks. */
  | {
      readonly kind: "rule";
      readonly rule: string;
      readonly problem: string;
      /** Texts of the resource, which the problem may quote. */
      readonly names: readonly string[];
    }
  /** A row of the class table, or what it does not know, with the properties that it is about. */
  | {
      readonly kind: "table" | "unknown";
      /** What follows the name of the resource in a sentence. */
      readonly meaning: string;
      /** What the meaning quotes. */
      readonly names?: readonly string[];
      readonly changes: readonly ValueChange[];
    }
  | ({ readonly kind: "access of a resource" } & ResourceAccess)
  | ({ readonly kind: "access matrix" } & AccessChange)
  /** Somebody who begins to read more than one schema. */
  | { readonly kind: "reads several"; readonly role: string; readonly schemas: readonly string[] }
  /** A credential's number that goes down. */
  | { readonly kind: "credential"; readonly from: number; readonly to: number }
  /** A new login that is not made as new ones are. */
  | { readonly kind: "form"; readonly form: "taken over" | "former" }
  /** A state that the preview lacks. */
  | { readonly kind: "blind" };

/** One thing that a reviewer should know, as data. */
export type Judgement = Cause & {
  readonly risk: Risk;
  /** What it is about, e.g. `schema wms_prod`. */
  readonly what: string;
  /** The same with what a reader needs besides, such as the network that a rule lets in. */
  readonly subject: Sentence;
  readonly urn: string;
  /** Why it was let through although it blocks. */
  readonly allowed?: string | undefined;
};

/** The same with its words: what follows the subject. Nothing is ever told from them. */
export type Finding = Judgement & { readonly reason: Sentence };

/** One named thing that is let through, and why. */
export interface Allowance {
  readonly urn: string;
  readonly reason: string;
}

/** Refuses an allowance for something that the preview does not have: a typing mistake must not look like consent. */
export function checkAllowances(allowances: readonly Allowance[], preview: Preview): void {
  const urns = new Set(preview.resources.map(({ urn }) => urn));
  for (const { urn } of allowances) {
    if (!urns.has(urn)) {
      throw new MistakeError(
        `--allow names a URN that is not in the preview: ${JSON.stringify(preview.secrets.redact(urn))}`,
      );
    }
  }
}

/** Marks what is let through. */
export function allowed(judgements: readonly Judgement[], allowances: readonly Allowance[]): Judgement[] {
  const reasonByUrn = new Map(allowances.map(({ urn, reason }) => [urn, reason]));
  return judgements.map((judgement) =>
    judgement.risk === "blocks" && reasonByUrn.has(judgement.urn)
      ? { ...judgement, allowed: reasonByUrn.get(judgement.urn) }
      : judgement,
  );
}
