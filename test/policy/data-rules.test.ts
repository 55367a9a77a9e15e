import { SAFETY_RULES } from "../../policy/rules";
import { resource, TAGS, UNKNOWN_LIST, UNKNOWN_MAP, UNKNOWN_SWITCH, UNKNOWN_TEXT, verdict } from "./verdict";

const INSTANCE = "aws:rds/instance:Instance";
const SAFE_INSTANCE = {
  storageEncrypted: true,
  publiclyAccessible: false,
  deletionProtection: true,
  backupRetentionPeriod: 14,
  skipFinalSnapshot: false,
  tags: TAGS,
};

describe("the instance", () => {
  it("may be as the program declares it", () => {
    expect(verdict(resource(INSTANCE, { inputs: SAFE_INSTANCE }))).toEqual({});
  });

  const cases: readonly (readonly [string, object, Record<string, string>])[] = [
    [
      "its storage is not encrypted",
      { storageEncrypted: false },
      { "storage-encrypted": "has storageEncrypted off: set it to true" },
    ],
    [
      "it has a public address",
      { publiclyAccessible: true },
      { "not-public": "has publiclyAccessible on: set it to false" },
    ],
    [
      "RDS would delete it",
      { deletionProtection: false },
      { "deletion-protection": "has deletionProtection off: set it to true" },
    ],
    [
      "backups are off",
      { backupRetentionPeriod: 0 },
      { "backups-retained": "keeps no backups: set backupRetentionPeriod to 1 day or more" },
    ],
    [
      "it goes without a snapshot",
      { skipFinalSnapshot: true },
      { "final-snapshot": "leaves no snapshot when it is deleted: set skipFinalSnapshot to false" },
    ],
  ];
  it.each(cases)("is a problem when %s", (_, change, problems) => {
    expect(verdict(resource(INSTANCE, { inputs: { ...SAFE_INSTANCE, ...change } }))).toEqual(problems);
  });

  it("is a problem by what is left out, as AWS then switches it off", () => {
    expect(verdict(resource(INSTANCE, { inputs: { tags: TAGS } }))).toEqual({
      "storage-encrypted": "has storageEncrypted off: set it to true",
      "deletion-protection": "has deletionProtection off: set it to true",
      "backups-retained": "keeps no backups: set backupRetentionPeriod to 1 day or more",
    });
  });

  it("is no problem by what is not known yet", () => {
    const inputs = {
      storageEncrypted: UNKNOWN_SWITCH,
      publiclyAccessible: UNKNOWN_SWITCH,
      deletionProtection: undefined,
      backupRetentionPeriod: "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
      skipFinalSnapshot: UNKNOWN_SWITCH,
      tags: UNKNOWN_MAP,
    };
    expect(verdict(resource(INSTANCE, { inputs }))).toEqual({});
  });
});

describe("protect", () => {
  const held = [
    "aws:rds/instance:Instance",
    "aws:kms/key:Key",
    "aws:secretsmanager/secret:Secret",
    "postgresql:index/role:Role",
    "postgresql:index/schema:Schema",
    "postgresql:index/database:Database",
    "postgresql:index/extension:Extension",
  ];
  const rule = SAFETY_RULES.find(({ name }) => name === "protected-in-prod");

  it("is missed in prod on what holds data or access", () => {
    expect(
      held.map((type) => rule?.appliesTo(type) && rule.problem(resource(type, { protect: false }))),
    ).toEqual(held.map(() => "is not protected; a delete or a replacement would go through: set protect"));
  });

  it("is missed neither where it is set nor outside prod", () => {
    const others = held.flatMap((type) => [resource(type), resource(type, { protect: false, stack: "dev" })]);
    expect(others.map((declared) => rule?.problem(declared))).toEqual(others.map(() => undefined));
  });

  it("is not asked of passwords and secret values, which rotation replaces", () => {
    const replaced = [
      "random:index/randomPassword:RandomPassword",
      "aws:secretsmanager/secretVersion:SecretVersion",
    ];
    expect(replaced.map((type) => rule?.appliesTo(type))).toEqual([false, false]);
  });
});

describe("cascade", () => {
  const schema = (stack: string, dropCascade: unknown) =>
    verdict(
      resource("postgresql:index/schema:Schema", { stack, inputs: { name: `wms_${stack}`, dropCascade } }),
    );
  const problem = {
    "no-cascade-in-prod":
      "has dropCascade, so that dropping it drops what depends on it, tables too: set dropCascade to false",
  };

  it("is for dev, never for prod", () => {
    expect([
      schema("prod", true),
      schema("prod", false),
      schema("prod", UNKNOWN_SWITCH),
      schema("dev", true),
    ]).toEqual([problem, {}, {}, {}]);
  });

  it("is not for prod's extensions either", () => {
    expect(
      verdict(
        resource("postgresql:index/extension:Extension", {
          inputs: { name: "pgcrypto", schema: "extensions", dropCascade: true },
        }),
      ),
    ).toEqual(problem);
  });
});

describe("force_ssl", () => {
  const group = (parameters?: unknown) =>
    verdict(resource("aws:rds/parameterGroup:ParameterGroup", { inputs: { parameters, tags: TAGS } }));
  const problem = { "force-ssl": "lets clients connect without TLS: set rds.force_ssl to 1" };

  it("is 1", () => {
    expect(group([{ name: "rds.force_ssl", value: "1" }])).toEqual({});
  });

  it("is a problem when it is 0 or left out", () => {
    expect([group([{ name: "rds.force_ssl", value: "0" }]), group([]), group(null)]).toEqual([
      problem,
      problem,
      problem,
    ]);
  });

  it("is no problem when it is not known yet", () => {
    expect([
      group(UNKNOWN_LIST),
      group([UNKNOWN_MAP]),
      group([{ name: "rds.force_ssl", value: UNKNOWN_TEXT }]),
    ]).toEqual([{}, {}, {}]);
  });
});

describe("the server's parameters", () => {
  const said = (name: string, value: unknown, sampledBy?: string) =>
    verdict(
      resource("aws:rds/parameterGroup:ParameterGroup", {
        inputs: {
          parameters: [
            { name: "rds.force_ssl", value: "1" },
            { name, value },
            ...(sampledBy === undefined ? [] : [{ name: sampledBy, value: "0.01" }]),
          ],
          tags: TAGS,
        },
      }),
    );

  it("keep statements out of the log, and passwords as verifiers", () => {
    expect([
      said("log_statement", "none"),
      said("log_statement", "ddl"),
      said("log_statement", UNKNOWN_TEXT),
      said("log_min_duration_statement", "1000"),
      said("log_min_duration_statement", "-1"),
      said("log_min_duration_statement", UNKNOWN_TEXT),
      said("log_transaction_sample_rate", "0.01"),
      said("debug_print_parse", "0"),
      said("auto_explain.log_min_duration", "0", "auto_explain.sample_rate"),
      said("session_replication_role", "origin"),
      said("password_encryption", "scram-sha-256"),
      said("toString", "md5"),
    ]).toEqual([{}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}]);
  });

  it("are a problem when they do not", () => {
    expect([
      said("log_statement", "mod"),
      said("log_statement", "all"),
      said("log_min_duration_statement", "0"),
      said("log_transaction_sample_rate", "1"),
      said("debug_print_parse", "1"),
      said("auto_explain.log_min_duration", "0"),
      said("session_replication_role", "replica"),
      said("password_encryption", "md5"),
    ]).toEqual([
      { "quiet-server": "sets log_statement to mod: set it to none or ddl, or leave it out" },
      { "quiet-server": "sets log_statement to all: set it to none or ddl, or leave it out" },
      {
        "quiet-server":
          "sets log_min_duration_statement to 0, which logs every statement: set it to 100 or more, or leave it out",
      },
      {
        "quiet-server": "sets log_transaction_sample_rate to 1, which logs every statement: leave it out",
      },
      { "quiet-server": "sets debug_print_parse to 1, which logs every statement: leave it out" },
      {
        "quiet-server":
          "sets auto_explain.log_min_duration to 0, which logs every statement: set it to 100 or more, or leave it out",
      },
      {
        "harmless-parameters":
          "sets session_replication_role to replica, which would switch off every app's foreign keys and triggers: set it in the session that needs it",
      },
      { "quiet-server": "sets password_encryption to md5: set it to scram-sha-256, or leave it out" },
    ]);
  });
});

test("a secret has no copies in other regions, known or not", () => {
  const said = (replicas: unknown) =>
    verdict(
      resource("aws:secretsmanager/secret:Secret", {
        inputs: { name: "portal-db/admin", kmsKeyId: UNKNOWN_TEXT, replicas, tags: TAGS },
      }),
    );
  const problem = { "secret-in-one-region": "has copies in other regions: leave replicas out" };
  expect([said([{ region: "eu-west-1" }]), said(UNKNOWN_LIST), said([]), said(null)]).toEqual([
    problem,
    problem,
    {},
    {},
  ]);
});
