import { judgeParameter, parametersOf } from "../../infra/instance/parameters";

const INSTANCE = { engineVersion: "17", instanceClass: "db.t4g.medium", allocatedStorageGib: 50 };

const judged = (name: string, value: string) => {
  const found = judgeParameter(name, value, INSTANCE);
  return "value" in found ? found.value : `! ${found.problem}`;
};

const LONG_PREFIX = "%m:%r:%u@%d:[%p]:%l:%e:%s:%v:%x:%c:%q%a";

test.each([
  ["synchronous_commit", "Off", "off"],
  ["synchronous_commit", "remote_write", "remote_write"],
  ["log_line_prefix", LONG_PREFIX, LONG_PREFIX],
  ["log_line_prefix", "%t:%r:%u@%d:[%p]:", "%t:%r:%u@%d:[%p]:"],
  ["log_filename", "postgresql.log.%Y-%m-%d-%H", "postgresql.log.%Y-%m-%d-%H"],
  ["log_destination", "stderr, CSVLOG", "stderr,csvlog"],
  ["log_rotation_age", "1d", "1440"],
  ["krb_caseins_users", "on", "true"],
  ["pg_stat_statements.track", "all", "ALL"],
  ["pgaudit.log", "write, ddl", "write,ddl"],
  ["pgaudit.log", "all,-MISC", "all,-misc"],
  ["pgaudit.role", "rds_pgaudit", "rds_pgaudit"],
  ["rds.restrict_password_commands", "off", "0"],
  ["reserved_connections", "10", "10"],
  ["session_replication_role", "origin", "origin"],
  ["ssl", "on", "1"],
  ["timezone", "Europe/Berlin", "Europe/Berlin"],
  ["timezone", "UTC", "UTC"],
])("%s: %s is %s, as RDS has it in its own list", (name, value, wanted) => {
  expect(judged(name, value)).toBe(wanted);
});

const NO_MORE = "; RDS takes nothing else";

test.each([
  ["synchronous_commit", "remote_apply", `! must be one of local, remote_write, on, off${NO_MORE}`],
  [
    "log_line_prefix",
    "%m [%p] ",
    `! must be one of %t:%r:%u@%d:[%p]:, ${LONG_PREFIX}, ${LONG_PREFIX}:${NO_MORE}`,
  ],
  [
    "log_filename",
    "postgresql-%d.log",
    `! must be one of postgresql.log.%Y-%m-%d, postgresql.log.%Y-%m-%d-%H, postgresql.log.%Y-%m-%d-%H%M${NO_MORE}`,
  ],
  [
    "log_destination",
    "stderr,syslog",
    `! must be of stderr, csvlog, jsonlog, with a comma between two of them${NO_MORE}`,
  ],
  ["log_rotation_age", "2d", "! must be from 1 to 1440 min"],
  ["max_connections", "5", "! must be from 6 to 262143"],
  ["pgaudit.role", "auditor", "! must be one of rds_pgaudit"],
  ["session_preload_libraries", "a", "! RDS sets it itself, and refuses another value; leave it out"],
  ["lo_compat_privileges", "on", "! RDS sets it itself, and refuses another value; leave it out"],
  ["timezone", "Europa/Berlin", "! is no time zone by its name, such as Europe/Berlin"],
  ["timezone", "+02:00", "! is no time zone by its name, such as Europe/Berlin"],
])("%s: %s is refused before RDS refuses it halfway through a deploy", (name, value, problem) => {
  expect(judged(name, value)).toBe(problem);
});

test.each([
  [
    "createrole_self_grant",
    "set, inherit",
    "! would give each deployer the rights of the apps whose roles it makes: leave it out",
  ],
  ["default_transaction_read_only", "true", "! would stop each deploy, and every app's writes"],
  ["reserved_connections", "11", "! takes connections that the budget lets the apps have: 10 at most"],
  [
    "rds.restrict_password_commands",
    "1",
    "! would stop each deploy that makes a login or rotates one: no deployer is a member of rds_password",
  ],
  [
    "session_replication_role",
    "replica",
    "! would switch off every app's foreign keys and triggers: set it in the session that needs it",
  ],
  ["ssl", "off", "! would let nobody in: rds.force_ssl takes no connection without TLS"],
])("%s: %s would take something from every app or each deploy, and is refused", (name, value, problem) => {
  expect(judged(name, value)).toBe(problem);
});

test("in Postgres 18 log_connections is a list, which a switch is written as", () => {
  const of = (value: string) =>
    judgeParameter("log_connections", value, { ...INSTANCE, engineVersion: "18" });
  expect(["on", "no", "receipt, Authorization", "recipt"].map(of)).toEqual([
    { value: "receipt,authentication,authorization" },
    { value: "off" },
    { value: "receipt,authorization" },
    {
      problem: `must be of receipt, authentication, authorization, setup_durations, all, off, with a comma between two of them${NO_MORE}`,
    },
  ]);
});

test("what a default group has already says a reboot, so that no preview changes it again", () => {
  const parameters = { timezone: "UTC", max_wal_size: "2048", min_wal_size: "256" };
  const rows = parametersOf({ ...INSTANCE, parameters });
  expect(rows.filter(({ name }) => Object.hasOwn(parameters, name))).toEqual([
    { name: "max_wal_size", value: "2048", applyMethod: "pending-reboot" },
    { name: "min_wal_size", value: "256", applyMethod: "immediate" },
    { name: "timezone", value: "UTC", applyMethod: "pending-reboot" },
  ]);
});
