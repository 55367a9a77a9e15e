import type { Risk } from "./risk";

/** One thing that a reviewer should know. */
export interface Finding {
  readonly risk: Risk;
  /** What it is about, e.g. `schema wms_prod`. */
  readonly what: string;
  readonly reason: string;
  readonly urn: string;
  /** Why a finding that blocks was let through. */
  readonly allowed?: string | undefined;
}
