import { resolve } from "node:path";
import { State } from "../../local/engine/state";
import { opened } from "../../local/engine/values";
import { secretsOf } from "../helpers/aws";
import { runVerb } from "../helpers/ops-platform";
import { TestPlatform } from "../helpers/platform";
import { asAdmin, blockOf, blocksOf } from "../helpers/runbook";
import { catalogOf } from "../official/left";

jest.setTimeout(180_000);

const WITH = { auth: {}, wms: { reader: true } };
const WITHOUT = { auth: {} };
/** What of wms is protected, in the order in which it would go. */
const PROTECTED = [
  "wms-prod-secret",
  "wms-prod-login",
  "wms-prod-schema",
  "wms-prod-reader",
  "wms-prod-owner",
];
const ROWS = "SELECT string_agg(id::text, ' ' ORDER BY id) AS ids FROM orders";

let platform: TestPlatform;

beforeAll(async () => {
  platform = await TestPlatform.make();
  platform.configure("prod", { apps: WITH });
  await platform.succeed("up");
});

afterAll(() => platform?.remove());

/** Runs a command of ops that must succeed. */
async function ops(...args: readonly string[]): Promise<void> {
  const where = ["--platform", platform.places.platformFile, "--config-dir", platform.dir];
  const { status, stderr } = await runVerb([...args, ...where]);
  if (status !== 0) throw new Error(`${args.join(" ")}: ${stderr}`);
}

/** Deploys prod with these apps. @returns the line that counts */
async function up(apps: object): Promise<string | undefined> {
  platform.configure("prod", { apps });
  return /^prod: .*$/m.exec(await platform.succeed("up", "--stack", "prod"))?.[0];
}

/** Deploys prod with these apps in vain. @returns what it says */
async function refused(apps: object): Promise<string> {
  platform.configure("prod", { apps });
  const { status, stderr } = await platform.run(["up", "--stack", "prod"]);
  expect(status).toBe(1);
  return stderr;
}

const namesIn = (text: string) =>
  [...text.matchAll(/^ *'?urn:\S+::([\w-]+)'?(?: \\)?$/gm)].map(([, name]) => name);

/** What a stack's state has, by URN. */
function declared(stack: string): ReadonlyMap<string, string> {
  const { resources } = State.read(platform.places.stateDir, stack);
  return new Map([...resources].map(([urn, { inputs }]) => [urn, JSON.stringify(opened(inputs))]));
}

test("a preview says of added apps what the up does, also where one's login existed before", async () => {
  const before = new Map([...declared("prod"), ...declared("dev")]);
  await platform.asSuperuser("SET ROLE ecomos_admin; CREATE ROLE portal_shop LOGIN PASSWORD 'Present1'");
  platform.configure("prod", {
    apps: { ...WITH, billing: {}, shop: {} },
    adoptedLogins: { shop_prod: "Present1" },
  });
  platform.configure("dev", { apps: { auth: { reader: true }, wms: {}, billing: { credential: 2 } } });
  const { steps } = JSON.parse(await platform.succeed("preview", "--json")) as {
    readonly steps: readonly { readonly op: string; readonly urn: string }[];
  };
  await platform.succeed("up");
  const after = new Map([...declared("prod"), ...declared("dev")]);
  const changed = [...after].filter(([urn, inputs]) => before.get(urn) !== inputs).map(([urn]) => urn);
  expect(
    steps
      .filter(({ op }) => op !== "same")
      .map(({ urn }) => urn)
      .sort(),
  ).toEqual(changed.sort());
  expect(steps.filter(({ op }) => op !== "same" && op !== "create")).toEqual([]);
  expect(await platform.plan()).toEqual([]);
  const shop = ["secret", "login", "schema", "owner"].map((end) => `shop-prod-${end}`);
  const billing = ["secret", "login", "schema", "owner"].map((end) => `billing-prod-${end}`);
  platform.configure("prod", { adoptedLogins: undefined });
  const names = namesIn(await refused(WITH));
  expect([...names].sort()).toEqual([...shop, ...billing].sort());
  await platform.succeed("unprotect", "shop", "prod", "--yes");
  await platform.succeed("unprotect", "billing", "prod", "--yes");
  expect(await up(WITH)).toMatch(/^prod: - 20 deleted, \d+ unchanged$/);
});

describe("an app is removed from prod", () => {
  const dump = () => resolve(platform.dir, "wms.dump");
  let before: Awaited<ReturnType<typeof catalogOf>>;

  beforeAll(async () => {
    const url = await platform.url("wms", "prod");
    await platform.asApp(
      url,
      "CREATE TABLE orders (id serial PRIMARY KEY); INSERT INTO orders SELECT generate_series(1, 3)",
    );
    before = await catalogOf(platform);
    await ops("snapshot", "wms", "prod", "-o", dump());
  });

  /** The app is whole: its rows, its rights and its reader's, and nothing is open to a deploy's delete. */
  async function isWhole(): Promise<void> {
    expect(await platform.asApp(await platform.url("wms", "prod"), ROWS)).toEqual([{ ids: "1 2 3" }]);
    await platform.asApp(await platform.url("wms", "prod"), "CREATE TABLE late (); DROP TABLE late");
    expect(await catalogOf(platform)).toEqual(before);
    expect(
      await platform.asSuperuser(
        "SELECT has_table_privilege('wms_prod_reader', 'wms_prod.orders', 'SELECT') AS may",
      ),
    ).toEqual([{ may: true }]);
    const { resources } = State.read(platform.places.stateDir, "prod");
    const locked = [...resources.values()].filter(
      ({ protect, name }) => protect && name.startsWith("wms-prod-"),
    );
    expect(locked.map(({ name }) => name).sort()).toEqual([...PROTECTED].sort());
  }

  test("unprotect names what it is about, asks, and says what to type on AWS", async () => {
    const unasked = await platform.run(["unprotect", "wms", "prod"]);
    expect({ status: unasked.status, stderr: unasked.stderr }).toEqual({
      status: 1,
      stderr: "error: it asks before it goes on: run it in a terminal, or add --yes\n",
    });
    const no = await platform.answer(["unprotect", "wms", "prod"], "yes");
    expect([no.status, no.stdout]).toEqual([1, expect.stringContaining("Nothing was changed")]);
    expect(namesIn(await refused(WITHOUT))).toEqual(PROTECTED);
    const yes = await platform.answer(["unprotect", "wms", "prod"], "prod");
    const [, typed = ""] = yes.stdout.replaceAll("\r", "").split("On AWS it is\n");
    expect([yes.status, typed]).toEqual([
      0,
      expect.stringMatching(/^npx pulumi state unprotect --stack prod \\\n {2}'urn:/),
    ]);
    expect([...namesIn(typed)].sort()).toEqual([...PROTECTED].sort());
    expect(await platform.succeed("unprotect", "wms", "prod")).toBe("Nothing of it is protected in prod\n");
  });

  test("whoever changes their mind after the unprotect deploys, and it is protected again", async () => {
    expect(await up(WITH)).toMatch(/^prod: no changes/);
    await isWhole();
  });

  test("by URN one alone is unprotected, and everything by --all; what is not there is an error", async () => {
    const owner =
      "urn:pulumi:prod::portal-db::portal-db:index:AppSchema$postgresql:index/role:Role::wms-prod-owner";
    await platform.succeed("unprotect", "--stack", "prod", owner, "--yes");
    expect(namesIn(await refused(WITHOUT))).toEqual(PROTECTED.filter((name) => name !== "wms-prod-owner"));
    expect(namesIn(await platform.succeed("unprotect", "--all", "--stack", "prod", "--yes"))).toContain(
      "instance",
    );
    await up(WITH);
    await isWhole();
    for (const [args, status, message] of [
      [["nosuch", "prod"], 1, "error: there is no nosuch in prod: deployed are prod, dev\n"],
      [["--stack", "dev", "wms", "prod"], 1, "error: dev has no wms in prod\n"],
      [["--all", "--stack", "pr-9"], 1, "error: pr-9 is not deployed: deployed are prod, dev\n"],
      [["--stack", "prod", owner, `${owner}x`], 1, `error: prod has no resource ${owner}x\n`],
      [
        ["--all"],
        64,
        "error: --all needs --stack, such as --stack prod; see npm run local -- unprotect --help\n",
      ],
    ] as const) {
      const ended = await platform.run(["unprotect", ...args, "--yes"]);
      expect([ended.status, ended.stderr]).toEqual([status, message]);
    }
    await isWhole();
  });

  test("whoever changes their mind once the schema is empty gets all of it back", async () => {
    await platform.succeed("unprotect", "wms", "prod", "--yes");
    platform.configure("prod", { apps: WITHOUT });
    const plan = await platform.plan();
    expect([new Set(plan.map(({ op }) => op)), plan]).toEqual([new Set(["delete"]), expect.any(Array)]);
    await asAdmin(platform, blockOf("Remove an app"));
    expect(
      await platform.asSuperuser(
        "SELECT relname FROM pg_class WHERE relnamespace = 'wms_prod'::regnamespace",
      ),
    ).toEqual([]);
    platform.configure("prod", { apps: WITH });
    await ops("restore", dump(), "wms", "prod");
    expect(await up(WITH)).toMatch(/^prod: no changes/);
    await isWhole();
  });

  test("an up that stopped at the schema is taken back, with the tables that are still there", async () => {
    await platform.succeed("unprotect", "wms", "prod", "--yes");
    expect(await refused(WITHOUT)).toMatch(
      /Schema wms-prod-schema could not be deleted: cannot drop schema wms_prod/,
    );
    await comesBack();
    await isWhole();
  });

  test("a removal that went through is taken back, too, and survives a restart of the platform", async () => {
    await platform.succeed("unprotect", "wms", "prod", "--yes");
    await asAdmin(platform, blockOf("Remove an app"));
    expect(await up(WITHOUT)).toMatch(/^prod: - \d+ deleted, \d+ unchanged$/);
    expect(
      await platform.asSuperuser("SELECT rolname FROM pg_roles WHERE rolname ~ '^(portal_wms|wms_prod_?)$'"),
    ).toEqual([]);
    await comesBack();
    await ops("restore", dump(), "wms", "prod");
    await isWhole();
    await platform.succeed("down");
    expect(await platform.succeed("up")).toMatch(/^prod: no changes[\s\S]*^dev: no changes/m);
    await isWhole();
  });

  /** Puts the line back as the runbook says: up stops at the secret, which is restored. */
  async function comesBack(): Promise<void> {
    expect(blocksOf("Remove an app", "sh").at(-1)).toMatch(
      /up --stack prod .*\n.*restore-secret --secret-id portal-db\/prod\/wms /,
    );
    expect(await refused(WITH)).toMatch(
      /Secret wms-prod-secret failed: .*portal-db\/prod\/wms already exists/,
    );
    await secretsOf(platform).restoreSecret({ SecretId: "portal-db/prod/wms" });
    expect(await up(WITH)).toMatch(/^prod: \+ 3 created, \d+ unchanged$/);
  }
});
