import { runReview } from "./command";
import { type PrintedState, previewFrom, stepOf } from "./engine-preview";
import { findingsOf, judge, saidBetween, saidOf } from "./judge";
import { previewBetween, StackProgram, TWO_APPS } from "./program-preview";
import { recording } from "./recordings";

let prod: StackProgram;
let dev: StackProgram;

beforeAll(async () => {
  prod = await StackProgram.of("prod", { ...TWO_APPS, adoptInstance: null });
  dev = await StackProgram.of("dev", TWO_APPS);
});

const changed = (name: string, from: object, to: object) =>
  findingsOf(judge(previewBetween(prod.with(name, { ...from }), prod.with(name, { ...to }))));

const LOGIN = "login portal_wms";
const INSTANCE = "instance ecomos-prod";

test("a protection that is taken off is said so, in the headline and in the list", () => {
  const preview = previewBetween(prod, prod.with("wms-prod-schema", {}, { protect: false }));
  const words = "schema wms_prod loses its protection from a deploy that deletes it";
  expect(saidOf(preview).groups).toEqual([`blocks: app wms in prod: ${words}`]);
  const { stdout } = runReview(["-", "--markdown"], JSON.stringify(preview));
  expect(stdout).toContain(
    "- blocks: schema `wms_prod` loses its protection from a deploy that deletes it `urn:",
  );
  expect(stdout).not.toMatch(/: same|does not know/);
});

test("what a deploy would have left where it is, and would not any more, is said", () => {
  const logs = prod.state("instance-logs-postgresql");
  const step = stepOf({ ...logs, retainOnDelete: true } as PrintedState, logs);
  const name = "log group /aws/rds/instance/ecomos-prod/postgresql";
  expect(saidOf(previewFrom([step]))).toMatchObject({
    groups: [`interrupts: instance: ${name} would not stay any more when a deploy drops it`],
    findings: [
      "interrupts",
      `interrupts | ${name} | would not stay any more, with what is in it, when a deploy drops it`,
    ],
  });
});

test("an update that the engine gives no reason for says that, and never what the table does not know", () => {
  const schema = prod.state("wms-prod-schema");
  const step = { ...stepOf(schema, schema), op: "update" };
  expect(saidOf(previewFrom([step]))).toMatchObject({
    groups: ["interrupts: app wms in prod: schema wms_prod changes, and the preview does not say how"],
    findings: ["interrupts", "interrupts | schema wms_prod | changes, and the preview does not say how"],
  });
  const unprotected = { ...step, newState: { ...schema, protect: false } };
  expect(saidOf(previewFrom([unprotected]))).toMatchObject({
    groups: ["blocks: app wms in prod: schema wms_prod: protect on → off"],
  });
});

test("no limit of connections is more than any, and a limit after none is fewer", () => {
  expect(changed("wms-prod-login", { connectionLimit: 10 }, { connectionLimit: -1 })).toEqual([
    "interrupts",
    `interrupts | ${LOGIN} | may hold any number of connections: it can take them all from the other apps (connectionLimit 10 → -1)`,
  ]);
  expect(changed("wms-prod-login", { connectionLimit: -1 }, { connectionLimit: 10 })).toEqual([
    "interrupts",
    `interrupts | ${LOGIN} | may hold fewer connections: those above the limit are refused (connectionLimit -1 → 10)`,
  ]);
  expect(changed("wms-prod-login", { connectionLimit: undefined }, { connectionLimit: 10 })[1]).toBe(
    `interrupts | ${LOGIN} | may hold fewer connections: those above the limit are refused (connectionLimit unset → 10)`,
  );
});

test.each([
  [
    "statementTimeout",
    undefined,
    300_000,
    "interrupts",
    "has statements cancelled that take longer, from its next session on (statementTimeout none → 300 s)",
  ],
  [
    "statementTimeout",
    300_000,
    1500,
    "interrupts",
    "has statements cancelled that take longer, from its next session on (statementTimeout 300 s → 1500 ms)",
  ],
  ["statementTimeout", 7000, 300_000, "safe", ""],
  ["statementTimeout", 300_000, undefined, "safe", ""],
  [
    "idleInTransactionSessionTimeout",
    60_000,
    30_000,
    "interrupts",
    "has sessions ended that do nothing inside a transaction for longer, from its next session on (idleInTransactionSessionTimeout 60 s → 30 s)",
  ],
  [
    "idleInTransactionSessionTimeout",
    undefined,
    60_000,
    "interrupts",
    "has sessions ended that do nothing inside a transaction for longer, from its next session on (idleInTransactionSessionTimeout none → 60 s)",
  ],
  [
    "idleInTransactionSessionTimeout",
    0,
    60_000,
    "interrupts",
    "has sessions ended that do nothing inside a transaction for longer, from its next session on (idleInTransactionSessionTimeout none → 60 s)",
  ],
  ["idleInTransactionSessionTimeout", 60_000, 90_000, "safe", ""],
])("%s from %s to %s %s", (key, from, to, verdict, words) => {
  const said = words === "" ? [] : [`interrupts | login portal_wms_dev | ${words}`];
  const login = (value: number | undefined) => dev.with("wms-dev-login", { [key]: value });
  expect(findingsOf(judge(previewBetween(login(from), login(to))))).toEqual([verdict, ...said]);
});

test("a login that may leave transactions open for ever is an interruption in dev, and blocks in prod", () => {
  const key = "idleInTransactionSessionTimeout";
  const words =
    "may leave a transaction open for any time, which keeps dead rows and locks of every app (idleInTransactionSessionTimeout 60 s → none)";
  const gone = (program: StackProgram, name: string) =>
    findingsOf(judge(previewBetween(program, program.with(name, { [key]: undefined }))));
  expect(gone(dev, "wms-dev-login")).toEqual(["interrupts", `interrupts | login portal_wms_dev | ${words}`]);
  expect(gone(prod, "wms-prod-login")).toEqual([
    "blocks",
    `blocks | ${LOGIN} | may leave a transaction open for ever, which keeps every app's dead rows: set idleInTransactionTimeout (transactions-end)`,
    `interrupts | ${LOGIN} | ${words}`,
  ]);
});

test.each([
  ["17", "16", "goes back to an older version, which RDS refuses: the deploy fails"],
  ["17.5", "17.4", "goes back to an older version, which RDS refuses: the deploy fails"],
  ["9.6", "17", "gets another version, and is down while it is upgraded"],
  ["17.5", "17.10", "gets another version, and is down while it is upgraded"],
  ["17.5", "17", "gets another version, and is down while it is upgraded"],
])("version %s to %s %s", (from, to, meaning) => {
  expect(changed("instance", { engineVersion: from }, { engineVersion: to })).toEqual([
    "interrupts",
    `interrupts | ${INSTANCE} | ${meaning} (engineVersion ${from} → ${to}, in the maintenance window)`,
  ]);
});

test("windows, days, parameters and rotation are said with what they were and are", () => {
  const headline = (name: string, from: object, to: object) =>
    saidBetween(prod.with(name, { ...from }), prod.with(name, { ...to })).groups;
  expect(headline("instance", { backupWindow: "01:00-02:00" }, { backupWindow: "03:00-04:00" })).toEqual([
    `safe: ${INSTANCE}: backupWindow 01:00-02:00 → 03:00-04:00, at once`,
  ]);
  expect(headline("secrets-key", { deletionWindowInDays: 30 }, { deletionWindowInDays: 7 })).toEqual([
    "interrupts: stack: key Secrets of the stack prod of portal-db: deletionWindowInDays 30 → 7",
  ]);
  const parameter = (value: string, applyMethod: string) => ({
    parameters: [
      { name: "rds.force_ssl", value: "1" },
      { name: "max_connections", value, applyMethod },
    ],
  });
  expect(
    changed("instance-parameters", parameter("100", "pending-reboot"), parameter("200", "pending-reboot")),
  ).toEqual([
    "interrupts",
    "interrupts | parameter group ecomos-prod-postgres17 | sets what the server takes with a reboot alone, which nobody does for you: 'aws rds reboot-db-instance --db-instance-identifier ecomos-prod' (max_connections 100 → 200, with the next reboot)",
  ]);
  expect(changed("secrets-key", { enableKeyRotation: true }, { enableKeyRotation: false })).toEqual([
    "interrupts",
    "interrupts | key Secrets of the stack prod of portal-db | gets no new material each year any more (enableKeyRotation on → off)",
  ]);
  expect(changed("secrets-key", { enableKeyRotation: false }, { enableKeyRotation: true })).toEqual(["safe"]);
});

test("a type that nobody has judged is named wherever it stands", () => {
  const urn = "urn:pulumi:prod::portal-db::aws:iam/user:User::thing";
  const user = { urn, custom: true, type: "aws:iam/user:User", inputs: {} };
  const { groups, findings } = saidOf(previewFrom([stepOf(undefined, user)]));
  expect(groups).toEqual(["blocks: stack: new aws:iam/user:User thing"]);
  expect(findings[1]).toMatch(/^blocks \| aws:iam\/user:User thing \| is of the type aws:iam\/user:User, /);
});

test("a login that is taken over keeps its password where the program ignores its changes", () => {
  const login = prod.state("wms-prod-login");
  const imported = (ignoreChanges: readonly string[]) =>
    findingsOf(
      judge(
        previewFrom([
          { op: "import", urn: login.urn, newState: { ...login, ignoreChanges } as PrintedState },
        ]),
      ),
    );
  expect(imported(["password"])).toEqual([
    "widens access",
    `widens access | ${LOGIN} | exists already: its password stays, and so does what it may do beyond what is declared`,
  ]);
  expect(imported(["name"])[1]).toMatch(/gets the declared password at once/);
});

test("a login that is made in the form of one that is taken over blocks, in each stack; an import does not", () => {
  const form = { inherit: true, assumeRole: undefined };
  for (const [program, name] of [
    [prod, "wms-prod-login"],
    [dev, "wms-dev-login"],
  ] as const) {
    const made = stepOf(undefined, program.with(name, form).state(name));
    const [verdict, finding] = findingsOf(judge(previewFrom([made])));
    expect([verdict, finding]).toEqual([
      "blocks",
      expect.stringMatching(
        /^blocks \| login portal_wms\w* \| is new, in the form of one that is taken over: /,
      ),
    ]);
    const [ofImport] = findingsOf(judge(previewFrom([{ ...made, op: "import" }])));
    expect(ofImport).not.toBe("blocks");
    expect(findingsOf(judge(previewFrom([stepOf(undefined, program.state(name))])))[0]).not.toBe("blocks");
  }
  const former = { inherit: undefined, roles: ["wms_prod_owner", "portal_db_connect"] };
  const [verdict, ...findings] = findingsOf(
    judge(previewFrom([stepOf(undefined, prod.with("wms-prod-login", former).state("wms-prod-login"))])),
  );
  expect(verdict).toBe("widens access");
  expect(findings).toContain(
    `widens access | ${LOGIN} | is new, in the form of an earlier version: it has its owner's rights without acting as the owner`,
  );
});

describe("a read policy whose text is known at deploy alone", () => {
  const preview = () => recording("add-app-dev");
  const verdictWith = (change: (state: Record<string, unknown>) => void) => {
    const altered = JSON.parse(JSON.stringify(preview()));
    for (const { urn, newState } of altered.steps)
      if (urn.endsWith("::billing-dev-secret-read")) change(newState);
    return judge(altered).verdict;
  };
  const KEY = "urn:pulumi:dev::portal-db::aws:kms/key:Key::secrets-key";
  const SECRETS = "urn:pulumi:dev::portal-db::portal-db:index:AppSchema$aws:secretsmanager/secret:Secret::";

  test("is safe where it is made of its app's own secret and the stack's key", () => {
    expect(verdictWith(() => {})).toBe("safe");
  });

  test.each<readonly [what: string, parts: unknown]>([
    ["of another app's secret", [KEY, `${SECRETS}wms-dev-secret`]],
    ["of another secret besides", [KEY, `${SECRETS}billing-dev-secret`, `${SECRETS}wms-dev-secret`]],
    ["of nothing", []],
    ["of what is not said", undefined],
    ["of its secret alone", [`${SECRETS}billing-dev-secret`]],
  ])("widens access where it is made %s", (_what, parts) => {
    expect(
      verdictWith((state) => {
        state.propertyDependencies = { policy: parts };
      }),
    ).toBe("widens access");
  });

  test("widens access outside of its app's component", () => {
    expect(
      verdictWith((state) => {
        state.parent = "urn:pulumi:dev::portal-db::pulumi:pulumi:Stack::portal-db-dev";
      }),
    ).toBe("widens access");
  });

  test("blocks under another name, and with another text", () => {
    expect(
      verdictWith((state) => {
        state.inputs = { ...(state.inputs as object), name: "anything" };
      }),
    ).toBe("blocks");
    const policy = '{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}';
    expect(
      verdictWith((state) => {
        state.inputs = { ...(state.inputs as object), policy };
      }),
    ).toBe("blocks");
  });
});

test("losing data is a class of its own, after what blocks and before what interrupts", () => {
  const gone = findingsOf(judge(previewBetween(dev, dev.without("wms-dev-schema", "wms-dev-login"))));
  expect(gone.slice(0, 3)).toEqual([
    "loses data",
    "loses data | schema wms_dev | is dropped, with its tables",
    "interrupts | login portal_wms_dev | is dropped: whoever logs in as it is locked out",
  ]);
  expect(findingsOf(judge(previewBetween(dev, dev.without("secrets-key"))))).toEqual([
    "loses data",
    "loses data | key Secrets of the stack dev of portal-db | is deleted: what it encrypts can never be read again",
  ]);
});

test("an error of the engine's is shown whole, with the command that it names", () => {
  const command =
    "pulumi state unprotect 'urn:pulumi:prod::portal-db::portal-db:index:AppSchema$aws:secretsmanager/secret:Secret::auth-prod-secret'";
  const preview = JSON.stringify(recording("remove-app-prod-protected"));
  for (const form of [[], ["--markdown"], ["--comment"]]) {
    const { status, stdout } = runReview(["-", ...form], preview);
    expect(status).toBe(2);
    expect(stdout.replace(/\s+/g, " ")).toContain(command);
  }
});
