import { type Attack, answerTo } from "./attack";
import type { AttackedPlatform, Attacker } from "./attacked-platform";
import { attacksOn } from "./on-others";
import { ATTACKS_ON_THE_SERVER, ODDLY_ANSWERED, REFUSED_TO_APPS } from "./on-the-server";

const DEV_ADMIN = "the dev admin";

/** Who attacks, whom of prod, and where the attacker may create. */
const ATTACKERS: readonly (readonly [
  who: string,
  target: string,
  home: string,
  login: (get: AttackedPlatform) => Promise<Attacker>,
])[] = [
  ["an app of prod", "auth", "wms_prod", (get) => get.app("wms", "prod")],
  ["a bare login of prod", "auth", "wms_prod", (get) => get.bareLogin("wms", "prod")],
  ["an app of dev", "wms", "wms_dev", (get) => get.app("wms", "dev")],
  ["a bare login of dev", "wms", "wms_dev", (get) => get.bareLogin("wms", "dev")],
  ["a member of another app's reader", "auth", "wms_prod", (get) => get.reader()],
  [DEV_ADMIN, "auth", "public", (get) => get.deployer("dev-admin")],
];

/** What nobody may do to what is not theirs; afterwards everything is as it was. */
export function refusedCases(get: () => AttackedPlatform): void {
  describe.each(ATTACKERS)("%s", (who, target, home, login) => {
    let attacker: Attacker;
    let before: Record<string, unknown[]>;
    beforeAll(async () => {
      // A session of the target to aim at, and one of the admin's.
      await Promise.all([get().app(target, "prod"), get().deployer("admin")]);
      attacker = await login(get());
      before = await get().catalog();
    });
    afterAll(() => attacker.client.end());

    const attacks: readonly Attack[] = [
      ...attacksOn(target, "prod", home),
      ...ATTACKS_ON_THE_SERVER,
      ...ODDLY_ANSWERED,
      ...(who === DEV_ADMIN ? [] : REFUSED_TO_APPS),
    ];
    test.each(attacks)("%s", async (_, sql, answer) => {
      expect(await answerTo(attacker, sql)).toMatch(new RegExp(`^(${answer})$`));
    });

    test("others' queries are not shown", async () => {
      const { rows } = await attacker.client.query(
        "SELECT DISTINCT query FROM pg_stat_activity WHERE usename ~ $1 OR usename = 'portal_db_admin'",
        [`^portal_${target}(_2)?$`],
      );
      expect(rows).toEqual([{ query: "<insufficient privilege>" }]);
    });

    test(`${who} has changed nothing`, async () => {
      expect(await get().catalog()).toEqual(before);
    });
  });
}
