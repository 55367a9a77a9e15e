/** How values travel between the SDK and the engine: a secret is a map with two marks and its value. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

/** A resource's properties by name. */
export type Properties = Record<string, unknown>;

function isMap(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSecret(value: unknown): value is { readonly value: unknown } {
  return isMap(value) && value[SIGNATURE] === SECRET;
}

/** Wraps a value as the engine wraps a secret. */
export function wrapped(value: unknown): unknown {
  return isSecret(value) ? value : { [SIGNATURE]: SECRET, value };
}

/** The value with every secret in it opened. */
export function opened(value: unknown): unknown {
  if (isSecret(value)) return opened(value.value);
  if (Array.isArray(value)) return value.map(opened);
  if (!isMap(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, opened(inner)]));
}

/** Paths of the secrets in a value, such as `password` or `tags.owner`, in order. */
export function secretPaths(value: unknown, path = ""): string[] {
  if (isSecret(value)) return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    secretPaths(inner, path === "" ? key : `${path}.${key}`),
  );
}
