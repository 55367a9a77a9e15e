import { MistakeError } from "../../infra/mistake";
import { isMap, type Json, mapOf } from "../review/preview-text";
import type { SecretValues } from "../review/secret-values";
import type { EnginePreview } from "./engine";

/** A line of the engine's own list, such as an error of the program or of a provider. */
interface Diagnostic {
  readonly urn?: string | undefined;
  readonly message: string;
  readonly severity: string;
}

/** What the engine says of every preview that failed. */
const ENGINE_FAILED = "preview failed";

/** What the SDK says of each resource that it was about to declare when the engine had refused another one. */
const HUNG_UP = "Channel has been shut down";

/** What is said where the engine says no reason, or on standard error alone. */
const ENDED = "pulumi preview ended with";

/**
 * The engine's JSON with what it leaves out among its diagnostics: what the policy pack says, and that the preview
 * failed. A review of it then blocks, and says why.
 * @throws {MistakeError} when there is no JSON, since the engine did not get that far
 */
export function wholePreview({ status, text, violations }: EnginePreview): Json {
  const digest = digestIn(text, status);
  const { diagnostics } = digest;
  const said: unknown[] = Array.isArray(diagnostics) ? diagnostics : [];
  const added = violations.map(
    ({ resourceUrn: urn, policyName, message, enforcementLevel }): Diagnostic => ({
      urn,
      message: `${policyName}: ${message.trim()}`,
      severity: enforcementLevel === "mandatory" ? "error" : "warning",
    }),
  );
  const isTold = [...said, ...added].some((one) => mapOf(one).severity === "error");
  const ending = { message: `${ENDED} ${status}`, severity: "error" };
  return { ...digest, diagnostics: [...said, ...added, ...(status === 0 || isTold ? [] : [ending])] };
}

function digestIn(text: string, status: EnginePreview["status"]): Json {
  try {
    const digest: unknown = JSON.parse(text);
    if (isMap(digest)) return digest;
  } catch {
    // Said below: Node's own message quotes the text.
  }
  throw new MistakeError(`${ENDED} ${status} and made no preview: what it says above has to be mended first`);
}

/** Why a preview failed, in the words of the engine and of the policy pack, whole, without its secrets. */
export function errorsIn({ diagnostics }: Json, secrets: SecretValues): string[] {
  const said = Array.isArray(diagnostics) ? diagnostics.filter(isMap) : [];
  const texts = said
    .filter((one) => one.severity === "error")
    .map(({ message }) =>
      secrets
        .redactMessage(String(message))
        .replace(/^error: /, "")
        .trim(),
    );
  const causes = [...new Set(texts)].filter((text) => text !== ENGINE_FAILED && !text.startsWith(ENDED));
  const firsts = causes.filter((text) => !text.includes(HUNG_UP));
  return firsts.length > 0 ? firsts : causes;
}
