import type { EnforcementLevel, ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import { DeclaredByType } from "../access/declared-resource";
import { Environments } from "../infra/names";
import { isProd } from "./names";
import { SAFETY_RULES } from "./rules";

/** Prod is stopped by a violation, every other stack is told of it; what crosses a boundary stops every one. */
export function enforcementOf(stack: string): EnforcementLevel {
  return isProd(stack) ? "mandatory" : "advisory";
}

/**
 * The inputs with placeholders where a value is not known yet. Reading such a value through `props` throws,
 * and the whole rule is skipped; a rule knows placeholders itself and looks at the rest.
 */
function inputsOf(props: ResourceValidationArgs["props"]): Record<string, unknown> {
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(props));
  return Object.fromEntries(descriptors.map(([key, descriptor]) => [key, descriptor.value]));
}

/** One policy a safety rule, for the resources of one stack beside the others' environments. */
export function policiesOf(
  stack: string,
  environments: Environments = new Environments(),
): ResourceValidationPolicy[] {
  // Which of two resources comes first is the engine's to decide: what both together break, the later one is told.
  const declared = new DeclaredByType();
  return SAFETY_RULES.map((rule) => ({
    name: rule.name,
    description: rule.description,
    ...(rule.isBoundary ? { enforcementLevel: "mandatory" as const } : {}),
    validateResource: ({ type, name, urn, props, opts, provider }, reportViolation) => {
      if (!rule.appliesTo(type)) return;
      const state = { type, inputs: inputsOf(props), provider: provider?.name };
      declared.add(urn, state);
      const resource = { ...state, name, stack, environments, protect: opts.protect };
      const problem = rule.problem({ ...resource, beside: declared });
      if (problem !== undefined) reportViolation(`${name} ${problem}`);
    },
  }));
}
