import { readdirSync } from "node:fs";
import type { TestPlatform } from "../helpers/platform";
import { APPS, type App, type Workspace } from "./workspace";

/** What the cases of one platform share. */
export interface Deployed {
  readonly platform: TestPlatform;
  readonly workspace: Workspace;
}

/** What each app's queries answer after its seed; `schema` is the one of the environment. */
export const ANSWERS: Record<App, (schema: string) => unknown> = {
  auth: () => ({
    user: { name: "Ada", memberships: [{ role: "ADMIN", organization: { name: "Acme" } }] },
    session: { expires: "2030-01-01T00:00:00.000Z", user: { email: "ada@example.com" } },
    account: { type: "oauth" },
    large: 1,
  }),
  wms: (schema) => ({
    product: {
      unit: "BOX",
      price: "1234567890.12",
      weightKg: "1.25",
      attributes: { colour: "blue", sizes: [10, 12] },
      barcodes: ["0123456789012"],
    },
    inBins: [{ quantity: 40, bin: { code: "A-01", zone: { name: "A" } } }],
    blue: 1,
    order: { number: "SO-1", prices: ["9.9"], shipments: [[1, 2, 255]] },
    moved: { quantity: 40, last: "1" },
    raw: [{ schema, cost: "125.0000" }],
  }),
  xplan: () => ({
    demand: [200, 360],
    next: [
      {
        orderBy: "2025-07-21T00:00:00.000Z",
        units: 360,
        cost: "625.5",
        margin: "0.3125",
        product: { sku: "TARP-10" },
      },
    ],
  }),
  website: () => ({
    tree: [{ path: "/", blocks: [{ kind: "hero", text: "Tarps" }], children: [{ path: "/faq" }] }],
    help: [{ path: "/faq" }],
    leads: 1,
  }),
};

const ENVIRONMENTS = ["dev", "ci", "prod"] as const;

/** The apps' migrations, seeds and queries in every environment. */
export function deployCases(get: () => Deployed): void {
  const migrationsOf = (app: App): string[] =>
    readdirSync(get().workspace.path(app, "migrations")).filter((name) => !name.endsWith(".toml"));

  test("the apps' programs fit the clients that their schemas make", async () => {
    const { status, stdout } = await get().workspace.typeCheck();
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
  });

  test.each(ENVIRONMENTS)(
    "in %s every app migrates, seeds and answers from its own schema",
    async (environment) => {
      for (const app of APPS) {
        const { stderr, results } = await get().workspace.task(app, environment, "deploy", "seed", "queries");
        expect({ app, stderr, results }).toEqual({
          app,
          stderr: "",
          results: [migrationsOf(app), "seeded", ANSWERS[app](`${app}_${environment}`)],
        });
      }
    },
  );

  test("a second deploy has nothing to do, and the seed is kept", async () => {
    for (const app of APPS) {
      const { stderr, results } = await get().workspace.task(app, "dev", "deploy", "queries");
      expect({ app, stderr, results }).toEqual({
        app,
        stderr: "",
        results: [[], ANSWERS[app](`${app}_dev`)],
      });
    }
  });

  test("everything that the apps made is in their schemas and belongs to the owners", async () => {
    const rows = await get().platform.asSuperuser(
      `SELECT schemaname AS schema, tableowner AS owner, count(*)::int AS tables FROM pg_tables
       WHERE schemaname !~ '^(pg_|information_schema)' GROUP BY 1, 2 ORDER BY 1`,
    );
    const tables = { auth: 7, wms: 15, xplan: 5, website: 5 };
    const expected = APPS.flatMap((app) =>
      ENVIRONMENTS.map((environment) => {
        const schema = `${app}_${environment}`;
        return { schema, owner: `${schema}_owner`, tables: tables[app] };
      }),
    );
    expect(rows).toEqual(expected.sort((a, b) => (a.schema < b.schema ? -1 : 1)));
  });
}
