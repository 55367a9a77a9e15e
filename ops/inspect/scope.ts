import { existsSync } from "node:fs";
import { stackNameOf } from "../../cli/arguments";
import { UsageError } from "../../cli/exit-status";
import { stackConfig } from "../../infra/config/config";
import { declaredApps } from "../../infra/config/shape";
import { stackFileOf } from "../../infra/config/stack-file";
import { type AppNames, namesOf } from "../../infra/names";
import { deploymentOf } from "../app/deployment";
import { type Place, type PlaceOptions, placeOf } from "../app/place";

/** What is looked at: one app's schema, or those of all apps of a stack. */
export interface InspectedPart {
  readonly stack: string;
  readonly place: Place;
  readonly apps: readonly AppNames[];
  /** Every app that the stack's file declares; its logins share one budget of connections. */
  readonly ofStack: readonly AppNames[];
  /** Connections that the stack's logins may hold together; undefined where no file here says it. */
  readonly share: number | undefined;
}

/**
 * Reads `<app> <environment>`, or a stack's name alone.
 * @throws {UsageError} for anything else
 * @throws {MistakeError} where the stack's file is needed, and has problems
 */
export function scopeOf(positionals: readonly string[], options: PlaceOptions): InspectedPart {
  if (positionals.length < 2) return partOfStack(stackOf(positionals, options.stack), options);
  const { stack, names, place } = deploymentOf("inspect", positionals, options);
  // An app that is still there may be looked at where no file declares its stack any more.
  const whole = existsSync(stackFileOf(place.configDir, stack)) ? partOfStack(stack, options) : undefined;
  return { stack, place, apps: [names], ofStack: whole?.ofStack ?? [names], share: whole?.share };
}

function partOfStack(stack: string, options: PlaceOptions): InspectedPart {
  const place = placeOf(options, stack);
  const config = stackConfig(place.configDir, stack);
  const ofStack = declaredApps(config).map(({ app, environment }) => namesOf(app, environment));
  return { stack, place, apps: ofStack, ofStack, share: config.connectionShare };
}

function stackOf([name]: readonly string[], option: string | undefined): string {
  if (name !== undefined && option !== undefined && name !== option)
    throw new UsageError(`stack ${JSON.stringify(name)} or ${JSON.stringify(option)}? Leave --stack out`);
  const stack = name ?? option;
  if (stack === undefined)
    throw new UsageError("give an app and its environment, such as wms prod, or a stack alone, such as prod");
  return stackNameOf(stack);
}
