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

/** Milliseconds below which nearly every statement of an app is slow enough to be logged. */
const NEARLY_ALL_MS = 100;

/** What a formula comes to is not told: it counts as the worse. */
const isNearlyAll = (value: string) => !(Number(value) < 0 || Number(value) >= NEARLY_ALL_MS);
const isOn = (value: string) => value === "1";
const isDebug = (value: string) => value.startsWith("debug");

/** By which of them whole statements come into the log, slow or not, and with what value: what stands in a statement as text is logged with it. */
const STATEMENTS_IN_LOG: Readonly<Record<string, (value: string) => boolean>> = {
  "auto_explain.log_min_duration": isNearlyAll,
  debug_print_parse: isOn,
  debug_print_plan: isOn,
  debug_print_rewritten: isOn,
  log_min_duration_sample: isNearlyAll,
  log_min_duration_statement: isNearlyAll,
  log_min_error_statement: isDebug,
  log_min_messages: isDebug,
  log_statement: (value) => value !== "none" && value !== "ddl",
  log_transaction_sample_rate: (value) => Number(value) !== 0,
  "pgaudit.log": auditsRows,
  "pgaudit.role": (value) => value !== "",
};

/** The classes of pgaudit that log what reads and writes rows. */
const ROW_CLASSES: readonly string[] = ["read", "write", "function"];

/** Whether one of those is left of a list, in which a class with a hyphen takes away what stands before it. */
function auditsRows(classes: string): boolean {
  const logged = new Set<string>();
  for (const word of classes.toLowerCase().split(",")) {
    const [, minus, name] = /^\s*(-?)(.*?)\s*$/.exec(word) ?? [];
    const meant = name === "all" ? ROW_CLASSES : ROW_CLASSES.filter((one) => one === name);
    for (const one of meant) {
      if (minus === "-") logged.delete(one);
      else logged.add(one);
    }
  }
  return logged.size > 0;
}

/** Whether whole statements come into the log by a change, or may. What nobody sets logs none. */
function logsStatements({ property, to, isTold }: ParameterChange): boolean {
  const logs = Object.hasOwn(STATEMENTS_IN_LOG, property) ? STATEMENTS_IN_LOG[property] : undefined;
  return logs !== undefined && (!isTold || (to !== undefined && logs(to)));
}

/** Whether autovacuum works no more by a change, or may: it needs the counters that `track_counts` keeps. */
const stopsVacuum = ({ property, to, isTold }: ParameterChange): boolean =>
  (property === "autovacuum" || property === "track_counts") && (!isTold || to === "0");

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
      "safe",
      "keeps its values, and says otherwise when RDS applies them; nothing restarts",
      ({ isSame }) => isSame,
    ],
    [
      "widens access",
      "lets the values of apps' statements into the server's log: whoever reads logs reads them",
      opensLog,
    ],
    [
      "widens access",
      "lets apps' statements into the server's log, with the values that stand in them: whoever reads logs reads them",
      logsStatements,
    ],
    [
      "interrupts",
      "stops autovacuum: dead rows stay, tables grow, and in the end transaction ids run out",
      stopsVacuum,
    ],
    [
      "safe",
      "gets what the project sets where no file says otherwise, for logs, temporary files and idle sessions; nothing restarts",
      (change) => isOwnDefault(change, engineVersion),
    ],
    [
      "interrupts",
      `sets what the server takes with a reboot alone, which nobody does for you: 'aws rds reboot-db-instance --db-instance-identifier ${instance}'`,
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
