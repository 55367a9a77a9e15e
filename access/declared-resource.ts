/** A resource as a program declares it, whoever looks at it: a test, the policy pack, the review. */
export interface DeclaredResource {
  /** Type token, e.g. `aws:rds/instance:Instance`. */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** Declared inputs; what is not known yet may be undefined or the engine's placeholder. */
  readonly inputs: Record<string, unknown>;
  /** Pulumi's `protect`. */
  readonly protect: boolean;
  /** Stack that declares it; `prod` is production. */
  readonly stack: string;
}
