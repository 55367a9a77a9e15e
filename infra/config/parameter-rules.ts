import { formulaValue, isFormula } from "../instance/formula";
import { judgeParameter, libraryOf } from "../instance/parameters";
import { PRELOADED_BY_DEFAULT } from "../instance/rds-parameters";
import { memoryGib, usableMemory } from "./budget";
import type { OwnerSettings } from "./shape";

/** What the parameters are judged by. */
type Parameterized = Pick<
  OwnerSettings,
  "parameters" | "maxConnections" | "engineVersion" | "instanceClass" | "allocatedStorageGib"
>;

/** The settings with the parameters as RDS takes them, and with what they say of the connections. */
export function withParameters<T extends Parameterized>(settings: T): T {
  const parameters = Object.fromEntries(
    Object.entries(settings.parameters).map(([name, raw]) => {
      const judged = judgeParameter(name, raw, settings);
      return [name, "value" in judged ? judged.value : raw] as const;
    }),
  );
  const said = connectionsSaid(settings);
  const most = settings.maxConnections ?? (Number.isNaN(said) ? undefined : said);
  return { ...settings, parameters, ...(most === undefined ? {} : { maxConnections: most }) };
}

/** Connections that `parameters.max_connections` says; NaN of a formula that cannot be reckoned out; undefined where it says none. */
export function connectionsSaid({ parameters, instanceClass }: Parameterized): number | undefined {
  const { max_connections: said } = parameters;
  if (said === undefined) return undefined;
  return isFormula(said)
    ? formulaValue(said, { DBInstanceClassMemory: usableMemory(instanceClass) })
    : Number(said);
}

/** Parameters that the version's family does not know or take, and those that mean nothing without a library. */
export function parameterProblems(settings: Parameterized): string[] {
  const { parameters } = settings;
  const problems = Object.entries(parameters).flatMap(([name, raw]) => {
    const judged = judgeParameter(name, raw, settings);
    if ("problem" in judged) return [`parameters.${name}: ${judged.problem}`];
    const library = libraryOf(name);
    const loaded = (parameters.shared_preload_libraries ?? PRELOADED_BY_DEFAULT).split(",");
    if (library === undefined || loaded.some((one) => one.trim() === library)) return [];
    const list = [...new Set([...loaded.map((one) => one.trim()).filter(Boolean), library])].join(",");
    return [`parameters.${name}: needs the library; set parameters.shared_preload_libraries to ${list}`];
  });
  return [...problems, ...memoryProblems(settings)];
}

const BUFFER_BYTES = 8192;
const GIB = 1024 ** 3;

/** Buffers that the class has no memory for: with them the server does not start. */
function memoryProblems({ parameters, instanceClass, ...rest }: Parameterized): string[] {
  const { shared_buffers: raw } = parameters;
  const gib = memoryGib(instanceClass);
  if (raw === undefined || gib === undefined) return [];
  const judged = judgeParameter("shared_buffers", raw, { instanceClass, ...rest });
  if ("problem" in judged) return [];
  const buffers = isFormula(judged.value)
    ? (formulaValue(judged.value, { DBInstanceClassMemory: usableMemory(instanceClass) }) ?? 0)
    : Number(judged.value);
  if (!(buffers * BUFFER_BYTES > gib * GIB)) return [];
  return [
    `parameters.shared_buffers: is more than the ${gib} GiB of ${instanceClass}: the server would not start; it counts 8 kB blocks`,
  ];
}

/** Connections that are said twice, and differently, or that cannot be told. */
export function sayingProblems(settings: Parameterized): string[] {
  const { max_connections: own } = settings.parameters;
  const { maxConnections: most, instanceClass } = settings;
  const said = connectionsSaid(settings);
  // What is no value is a problem of its own.
  if (own === undefined || "problem" in judgeParameter("max_connections", own, settings)) return [];
  // Of a class that nobody knows here, the shares say it already.
  if (Number.isNaN(said) && most === undefined && memoryGib(instanceClass) !== undefined)
    return [
      "maxConnections: must be set: what parameters.max_connections comes to is not known here, and budget and alarms go by it",
    ];
  if (most === undefined || isFormula(own) || said === most) return [];
  return [`maxConnections: is ${most}, and parameters.max_connections ${own}; leave one of them out`];
}
