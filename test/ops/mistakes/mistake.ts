/** Something on the server that is not as declared, and what `verify` says of it. */
export interface Mistake {
  readonly what: string;
  /** Stack that is looked at. */
  readonly stack: "prod" | "dev";
  /** SQL that brings it about; as the superuser, unless it takes another role. */
  readonly change: string;
  /** SQL that takes it away. */
  readonly back: string;
  /** Cells that differ. */
  readonly cells: readonly string[];
  /** What stands in the catalogs, behind what mends it. */
  readonly findings: readonly string[];
  /** Extensions that the stack's file declares meanwhile. */
  readonly extensions?: readonly string[];
  /** The environment that is said not to have been looked at. */
  readonly unseen?: string;
  /** Whether an app could not be tried, too. */
  readonly isUntried?: boolean;
}
