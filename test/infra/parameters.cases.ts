import { parseOwnerConfig } from "../../infra/config/config";
import { readable } from "../../infra/instance/parameter-value";
import { defaultParameters, factsOf, judgeParameter, parametersOf } from "../../infra/instance/parameters";
import { problemsOf } from "../helpers/config-problems";
import { type Overrides, settingsOf } from "../helpers/settings";

const INSTANCE = { engineVersion: "17", instanceClass: "db.t4g.medium", allocatedStorageGib: 50 };

const judged = (name: string, value: string, engineVersion = "17") => {
  const found = judgeParameter(name, value, { ...INSTANCE, engineVersion });
  return "value" in found ? found.value : `! ${found.problem}`;
};

test.each([
  ["work_mem", "64MB", "65536"],
  ["work_mem", "65536", "65536"],
  ["shared_buffers", "1GB", "131072"],
  ["shared_buffers", "{DBInstanceClassMemory/32768}", "{DBInstanceClassMemory/32768}"],
  [
    "maintenance_work_mem",
    "GREATEST({DBInstanceClassMemory*1024/63963136},65536)",
    "GREATEST({DBInstanceClassMemory*1024/63963136},65536)",
  ],
  [
    "autovacuum_vacuum_cost_limit",
    "GREATEST({log(DBInstanceClassMemory/21474836480)*600},200)",
    "GREATEST({log(DBInstanceClassMemory/21474836480)*600},200)",
  ],
  ["log_min_duration_statement", "5s", "5000"],
  ["log_min_duration_statement", "0.25 s", "250"],
  ["log_min_duration_statement", "-1", "-1"],
  ["max_wal_size", "4GB", "4096"],
  ["idle_session_timeout", "1d", "86400000"],
  ["random_page_cost", "1.1", "1.1"],
  ["autovacuum_vacuum_cost_delay", "2ms", "2"],
  ["autovacuum", "ON", "1"],
  ["jit", "false", "0"],
  ["wal_compression", "true", "on"],
  ["log_statement", "DDL", "ddl"],
  ["default_transaction_isolation", "read committed", "read committed"],
  ["datestyle", "ISO, DMY", "ISO, DMY"],
  ["rds.logical_replication", "on", "1"],
  ["rds.log_retention_period", "7d", "10080"],
  ["pgaudit.log", "ddl,role", "ddl,role"],
  ["shared_preload_libraries", "pg_stat_statements, pgaudit", "pg_stat_statements, pgaudit"],
  ["shared_preload_libraries", "a_new_library", "a_new_library"],
  ["rds.enable_pgactive", "1", "1"],
  ["rds.memory_allocation_guard", "1", "1"],
  ["rds.blue_green_replication_type", "logical", "logical"],
  ["postgis.gdal_enabled_drivers", "ENABLE_ALL", "ENABLE_ALL"],
])("%s: %s is %s to RDS", (name, value, wanted) => {
  expect(judged(name, value)).toBe(wanted);
});

const COMMAS = "! must be libraries with a comma between two of them, such as pg_stat_statements,pgaudit";
const NONE = "! Postgres 17 on RDS has no such parameter";
test.each([
  ["work_men", "1", `${NONE}; did you mean work_mem?`],
  ["log_min_duration_statment", "1", `${NONE}; did you mean log_min_duration_statement?`],
  ["idle_in_transaction_timeout", "1", NONE],
  ["rds.force_autovacuum_loging_level", "log", `${NONE}; did you mean rds.force_autovacuum_logging_level?`],
  ["rds.logical_replicaton", "1", `${NONE}; did you mean rds.logical_replication?`],
  ["pgaudit.logs", "all", `${NONE}; did you mean pgaudit.log?`],
  ["something.else", "1", NONE],
  ["io_method", "worker", `${NONE}: it is one of Postgres 18`],
  ["old_snapshot_threshold", "1", `${NONE}: it is one of Postgres 16`],
  ["server_version", "17", "! is what the server is built with, and cannot be set; leave it out"],
  ["listen_addresses", "*", "! RDS sets it itself, and refuses another value; leave it out"],
  ["fsync", "off", "! RDS sets it itself, and refuses another value; leave it out"],
  [
    "transaction_isolation",
    "serializable",
    "! is of one transaction; default_transaction_isolation is the server's",
  ],
  ["work_mem", "64mb", "! must be a number of kB, or one with its unit, such as 64MB: 64MB is what is meant"],
  ["work_mem", "5s", "! must be a number of kB, or one with its unit, such as 64MB"],
  ["work_mem", "4", "! must be from 64 to 2147483647 kB"],
  ["work_mem", "100000TB", "! must be from 64 to 2147483647 kB"],
  ["work_mem", "", "! must be a number of kB, or one with its unit, such as 64MB"],
  ["work_mem", "65.5kB", "! 65.5kB is no whole number of kB: write 65 or 66"],
  ["shared_buffers", "12kB", "! 12kB is no whole number of 8 kB blocks: write 1 or 2"],
  [
    "shared_buffers",
    "{DBInstanceClassMemory/x}",
    "! is no formula of RDS, such as {DBInstanceClassMemory/32768} or LEAST({…},5000)",
  ],
  [
    "shared_buffers",
    "{DBInstanceClassMemory/32768",
    "! is no formula of RDS, such as {DBInstanceClassMemory/32768} or LEAST({…},5000)",
  ],
  [
    "work_mem",
    "{DBInstanceClassMemory/3865470566}",
    "! comes to 1 on this instance, and must be from 64 to 2147483647 kB",
  ],
  ["random_page_cost", "-1", "! must be 0 or more"],
  ["cpu_tuple_cost", "5%", "! must be a number"],
  ["max_worker_processes", "8 workers", "! must be a whole number"],
  ["autovacuum", "maybe", "! must be on or off"],
  ["log_statement", "everything", "! must be one of none, ddl, mod, all"],
  [
    "shared_preload_libraries",
    "pgaudit,pg_stat_statments",
    "! RDS has no library pg_stat_statments; did you mean pg_stat_statements?",
  ],
  ["shared_preload_libraries", "PGAudit", "! RDS has no library PGAudit; did you mean pgaudit?"],
  ["shared_preload_libraries", "pgaudit pg_cron", COMMAS],
  ["shared_preload_libraries", "pgaudit,", COMMAS],
  ["datestyle", "ISO\n", "! has a control character"],
])("%s: %j is refused", (name, value, problem) => {
  expect(judged(name, value)).toBe(problem);
});

test("a family has its own parameters and words, and a later one those that are known", () => {
  expect(judged("io_method", "io_uring", "18")).toBe("io_uring");
  expect(judged("log_connections", "on", "17")).toBe("1");
  expect(judged("log_connections", "on", "18")).toBe("receipt,authentication,authorization");
  expect(judged("io_combine_limit", "256kB", "17")).toBe("32");
  expect(judged("io_combine_limit", "512kB", "17")).toBe("! must be from 1 to 32 8 kB blocks");
  expect(judged("io_combine_limit", "512kB", "18")).toBe("64");
  expect(judged("new_in_19", "any", "19")).toBe("any");
  expect(judged("work_mem", "4", "19")).toBe("! must be from 64 to 2147483647 kB");
});

test("the defaults are in RDS's units, and what the file says stands in their place", () => {
  expect(defaultParameters(INSTANCE)).toEqual({
    idle_session_timeout: "86400000",
    log_autovacuum_min_duration: "5000",
    log_connections: "1",
    log_disconnections: "1",
    log_lock_waits: "1",
    log_min_duration_statement: "1000",
    log_parameter_max_length: "0",
    log_parameter_max_length_on_error: "0",
    log_temp_files: "10240",
    temp_file_limit: "10485760",
    track_io_timing: "1",
  });
  const config = parseOwnerConfig(
    settingsOf("prod", { parameters: { log_connections: false, idle_session_timeout: 0, work_mem: "8MB" } }),
  );
  const own = parametersOf(config).filter(({ name }) => /^(log_conn|idle_s|work_mem|temp_f)/.test(name));
  expect(own).toEqual([
    { name: "idle_session_timeout", value: "0", applyMethod: "immediate" },
    { name: "log_connections", value: "0", applyMethod: "immediate" },
    { name: "temp_file_limit", value: "10485760", applyMethod: "immediate" },
    { name: "work_mem", value: "8192", applyMethod: "immediate" },
  ]);
});

test.each([
  [20, 4],
  [50, 10],
  [999, 199],
  [65_536, 2047],
])("of %s GiB of storage a session may take %s for temporary files", (allocatedStorageGib, gib) => {
  const { temp_file_limit: limit } = defaultParameters({ ...INSTANCE, allocatedStorageGib });
  expect(Number(limit)).toBe(gib * 1024 ** 2);
});

test.each([
  ["16", "pending-reboot"],
  ["17", "pending-reboot"],
  ["18", "immediate"],
])("in Postgres %s another number of autovacuum's workers is applied %s", (engineVersion, applyMethod) => {
  const settings = {
    engineVersion,
    allowMajorVersionUpgrade: true,
    parameters: { autovacuum_max_workers: 5 },
  };
  const rows = parametersOf(parseOwnerConfig(settingsOf("prod", settings)));
  expect(rows.filter(({ name }) => name === "autovacuum_max_workers")).toEqual([
    { name: "autovacuum_max_workers", value: "5", applyMethod },
  ]);
});

test.each([
  ["rds.force_ssl", {}, "1", "pending-reboot"],
  ["track_io_timing", {}, "1", "pending-reboot"],
  ["track_io_timing", { track_io_timing: false }, "0", "immediate"],
  ["synchronous_commit", { synchronous_commit: "on" }, "on", "pending-reboot"],
  ["synchronous_commit", { synchronous_commit: "off" }, "off", "immediate"],
])(
  "RDS's own value of %s needs no reboot and says one, others do not: %j",
  (name, parameters, value, applyMethod) => {
    const rows = parametersOf(parseOwnerConfig(settingsOf("prod", { parameters })));
    expect(rows.filter((row) => row.name === name)).toEqual([{ name, value, applyMethod }]);
  },
);

test("what an extension's parameters need is loaded, or named", () => {
  const of = (parameters: object) => problemsOf("prod", { parameters });
  expect(of({ "pg_stat_statements.track": "all" })).toEqual([]);
  expect(of({ "pgaudit.log": "ddl" })).toEqual([
    "parameters.pgaudit.log: needs the library; set parameters.shared_preload_libraries to pg_stat_statements,pgaudit",
  ]);
  expect(of({ "pgaudit.log": "ddl", shared_preload_libraries: "pgaudit, pg_stat_statements" })).toEqual([]);
});

test("buffers that the class has no memory for stop everything: the server would not start", () => {
  const of = (shared_buffers: string) => problemsOf("prod", { parameters: { shared_buffers } });
  const problem =
    "parameters.shared_buffers: is more than the 4 GiB of db.t4g.medium: the server would not start; it counts 8 kB blocks";
  expect(of("1GB")).toEqual([]);
  expect(of("{DBInstanceClassMemory/32768}")).toEqual([]);
  expect(of("5GB")).toEqual([problem]);
  expect(of("1073741")).toEqual([problem]);
  expect(of("{DBInstanceClassMemory}")).toEqual([
    "parameters.shared_buffers: comes to 3865470566 on this instance, and must be from 16 to 1073741823 8 kB blocks",
  ]);
});

test("the connections are said once, as a number or a formula, and budget, alarms and the server go by it", () => {
  const config = (overrides: Overrides) => parseOwnerConfig(settingsOf("prod", overrides));
  const most = (overrides: Overrides) => {
    const { maxConnections, ...rest } = config(overrides);
    const row = parametersOf({ ...rest, maxConnections }).find(({ name }) => name === "max_connections");
    return [maxConnections, row?.value, row?.applyMethod];
  };
  expect(most({})).toEqual([undefined, undefined, undefined]);
  expect(most({ maxConnections: 400 })).toEqual([400, "400", "pending-reboot"]);
  expect(most({ parameters: { max_connections: 400 } })).toEqual([400, "400", "pending-reboot"]);
  expect(most({ parameters: { max_connections: 400 }, maxConnections: 400 })).toEqual([
    400,
    "400",
    "pending-reboot",
  ]);
  const formula = "LEAST({DBInstanceClassMemory/9531392},390)";
  expect(most({ parameters: { max_connections: formula } })).toEqual([390, formula, "pending-reboot"]);
});

test.each([
  ["65536", "work_mem", "64 MB"],
  ["4096", "work_mem", "4 MB"],
  ["100", "work_mem", "100 kB"],
  ["131072", "shared_buffers", "1 GB"],
  ["1000", "log_min_duration_statement", "1 s"],
  ["1500", "log_min_duration_statement", "1500 ms"],
  ["86400000", "idle_session_timeout", "1 d"],
  ["-1", "log_temp_files", "-1"],
  ["0", "log_temp_files", "0"],
  ["1", "log_lock_waits", "on"],
  ["300", "max_connections", "300"],
  ["{DBInstanceClassMemory/32768}", "shared_buffers", "{DBInstanceClassMemory/32768}"],
  ["ddl", "log_statement", "ddl"],
  ["anything", "not_known", "anything"],
])("%s of %s reads %s", (value, name, words) => {
  expect(readable(value, factsOf(name, "17"))).toBe(words);
});
