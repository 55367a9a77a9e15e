type Inputs = Readonly<Record<string, unknown>>;

/** What crosses a boundary, and its legal twin: the rule, the stack, the type, what both declare, and what each adds. */
export type BoundaryCase = readonly [
  rule: string,
  stack: string,
  type: string,
  common: Inputs,
  crossing: Inputs,
  legal: Inputs,
];
