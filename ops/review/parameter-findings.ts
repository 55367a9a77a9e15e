import { textOf } from "../../access/declared-resource";
import { defaultParameters, PARAMETERS } from "../../infra/instance/parameters";
import type { Risk } from "./finding";
import type { PreviewedResource } from "./resource";
import { type ParameterChange, parameterChangesOf } from "./value";

/** Parameters of which one class and meaning holds. */
interface JudgedParameters {
  readonly risk: Risk;
  readonly meaning: string;
  readonly changes: readonly ParameterChange[];
}

/** What only writes more or less to the log, or measures more or less. */
const WATCHES =
  /^(?:log_|track_|auto_explain\.|pg_stat_statements\.|pgaudit\.|rds\.force_\w+_logging_level$)/;

/** Those of them by which the values of apps' statements come into the log, with what each is when nobody sets it; 0 keeps them out. */
const VALUES_IN_LOG: Readonly<Record<string, string>> = {
  "auto_explain.log_parameter_max_length": "0",
  log_parameter_max_length: "-1",
  log_parameter_max_length_on_error: "0",
  "pgaudit.log_parameter": "0",
};

/** Whether the values of apps' statements come into the log by a change, or may: what is not told counts as the worse. */
function opensLog({ property, to, isTold }: ParameterChange): boolean {
  const unset = Object.hasOwn(VALUES_IN_LOG, property) ? VALUES_IN_LOG[property] : undefined;
  return unset !== undefined && (!isTold || (to ?? unset) !== "0");
}

/** Any instance's: what goes by an instance's size is bounds of its own. */
const ANY = { instanceClass: "", allocatedStorageGib: 20 };

/** Whether a parameter that nobody had set becomes what the project sets where no file says otherwise. */
function isOwnDefault({ property, from, to }: ParameterChange, engineVersion: string): boolean {
  if (from !== undefined || to === undefined) return false;
  const own = defaultParameters({ ...ANY, engineVersion })[property];
  const isOfStorage = property === "temp_file_limit";
  return isOfStorage ? Number(to) >= Number(own) : own === to;
}

/** What a change of a group's parameters means: each class by itself, since few of them are worth a reviewer's time. */
export function judgeParameters(resource: PreviewedResource): JudgedParameters[] {
  const inputs = (resource.after ?? resource.before)?.inputs ?? {};
  const family = textOf(inputs, "family") ?? "";
  const group = textOf(inputs, "name") ?? "";
  const engineVersion = family.replace(/^postgres/, "");
  const instance = group.endsWith(`-${family}`) ? group.slice(0, -family.length - 1) : "…";
  const changes = parameterChangesOf(resource);
  if (changes.length === 0)
    return [{ risk: "interrupts", meaning: "sets other parameters of the server", changes }];
  const classes: readonly (readonly [Risk, string, (change: ParameterChange) => boolean])[] = [
    [
      "widens access",
      "lets the values of apps' statements into the server's log: whoever reads logs reads them",
      opensLog,
    ],
    [
      "safe",
      "gets what the project sets where no file says otherwise, for logs, temporary files and idle sessions; nothing restarts",
      (change) => isOwnDefault(change, engineVersion),
    ],
    [
      "interrupts",
      `sets what the server takes with a reboot alone, which nobody does for you: aws rds reboot-db-instance --db-instance-identifier ${instance}`,
      ({ isStatic }) => isStatic,
    ],
    [
      "safe",
      "writes and measures other things than before; nothing restarts",
      ({ property }) => WATCHES.test(property),
    ],
    [
      "interrupts",
      "sets other parameters of the server, which hold at once, for sessions that are open, too",
      ({ property }) => !PARAMETERS.some(({ name }) => name === property),
    ],
    ["interrupts", "sets other parameters of the server", () => true],
  ];
  const left = new Set(changes);
  return classes.flatMap(([risk, meaning, fits]) => {
    const own = [...left].filter(fits);
    for (const one of own) left.delete(one);
    return own.length === 0 ? [] : [{ risk, meaning, changes: own }];
  });
}
