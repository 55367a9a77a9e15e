import { leftOutText, wrapped } from "../../cli/lines";
import { neighboursOf } from "../../infra/config/neighbours";
import { MistakeError } from "../../infra/mistake";
import { PROD } from "../../infra/names";
import { printable } from "../../infra/printable";
import type { Place } from "../app/place";
import type { Declared } from "./declared";
import { type InstanceDifference, setting } from "./difference";
import { readInstance } from "./found-instance";
import { instanceDifferences } from "./instance-differences";

/** What looking at the instance came to. */
export type Looked = "fits" | "stops the deploy" | "not looked at";

/**
 * Reads the instance that prod's file adopts, before anything is asked of its database, and says what the deploy would
 * make of it. The local platform has none of the kind.
 */
export async function reportInstance(place: Place, declared: Declared): Promise<Looked> {
  const { owner, instance: identifier } = declared;
  if (place.platformDir !== undefined || owner === undefined || identifier === undefined) return "fits";
  let differences: readonly InstanceDifference[];
  try {
    const found = await readInstance(place, identifier);
    differences =
      found === undefined
        ? [absent(identifier, place)]
        : instanceDifferences(found, owner, declared.hasMasterPassword, neighboursOf(place.configDir, PROD));
  } catch (thrown) {
    if (!(thrown instanceof MistakeError)) throw thrown;
    console.error(leftOutText(thrown.message));
    return "not looked at";
  }
  const stopping = differences.filter(({ stops }) => stops === true);
  print(`The instance ${identifier}: the deploy would fail`, stopping);
  print(
    `The instance ${identifier}: what the deploy would change for the worse`,
    differences.filter(({ stops }) => stops !== true),
  );
  return stopping.length > 0 ? "stops the deploy" : "fits";
}

function absent(identifier: string, { name }: Place): InstanceDifference {
  const what = `there is no instance ${identifier} on ${name}: nothing can be imported`;
  return { what, cure: [setting("adoptInstance", "the identifier of the one that is there")], stops: true };
}

/** What people have named is in it: identifiers, tags, values. */
function print(title: string, differences: readonly InstanceDifference[]): void {
  if (differences.length === 0) return;
  console.log(title);
  for (const { what, cure } of differences) {
    console.log(wrapped(printable(what), "  ", 4));
    for (const line of cure) console.log(`      ${printable(line)}`);
  }
  console.log("");
}
