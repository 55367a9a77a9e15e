import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { isRecord, opened, type Properties } from "../../../local/engine/values";

/** Properties as a message carries them; what is undefined is left out. */
export function toWire(properties: Properties): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)) as Record<string, JavaScriptValue>);
}

/** A message's properties with their secrets opened; unknowns keep their marker. */
export function fromWire(struct: Struct | undefined): Properties {
  return opened((struct?.toJavaScript() ?? {}) as Properties);
}

/** A resource's type and name, by its URN. */
export function namesOfUrn(urn: string): { readonly type: string; readonly name: string } {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.split("$").at(-1) ?? "", name: name.join("::") };
}

/** The new properties with the old values at the paths whose changes are ignored, such as `tags.created`. */
export function keepingIgnored(now: Properties, old: Properties, paths: readonly string[]): Properties {
  return paths.reduce((kept, path) => keep(kept, old, path.split(".")), now);
}

function keep(now: Properties, old: Properties, [key = "", ...rest]: readonly string[]): Properties {
  const [inner, oldInner] = [now[key], old[key]];
  if (rest.length > 0 && isRecord(inner) && isRecord(oldInner))
    return { ...now, [key]: keep(inner, oldInner, rest) };
  if (rest.length > 0) return now;
  const { [key]: _dropped, ...others } = now;
  return key in old ? { ...others, [key]: oldInner } : others;
}
