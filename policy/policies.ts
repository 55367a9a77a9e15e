import type { EnforcementLevel, ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
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
  return SAFETY_RULES.map((rule) => ({
    name: rule.name,
    description: rule.description,
    ...(rule.isBoundary ? { enforcementLevel: "mandatory" as const } : {}),
    validateResource: ({ type, name, props, opts, provider }, reportViolation) => {
      if (!rule.appliesTo(type)) return;
      const resource = {
        ...{ type, name, stack, environments },
        inputs: inputsOf(props),
        protect: opts.protect,
        provider: provider?.name,
      };
      const problem = rule.problem(resource);
      if (problem !== undefined) reportViolation(`${name} ${problem}`);
    },
  }));
}
