import { uriToCredentials } from "@prisma/internals";
import fc from "fast-check";
import { parse } from "pg-connection-string";
import { appSecretValue, type DatabaseUrlParts, SSL_MODES } from "../../infra/app/database-url";
import { DATABASE, namesOf } from "../../infra/names";

const SEEDS = 10_000;
const ALPHANUMERIC = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"];
const word = (most: number) =>
  fc
    .tuple(
      fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz"),
      fc.string({ unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz0123456789_"), maxLength: most }),
    )
    .map((parts) => parts.join(""));

/** What the stacks can make: any app in any environment, at an address of RDS or at the tunnel's end. */
const partsWith = (password: fc.Arbitrary<string>): fc.Arbitrary<DatabaseUrlParts> =>
  fc
    .record({
      app: word(20),
      environment: fc.oneof(
        fc.constantFrom("prod", "dev", "ci"),
        fc.nat(99_999).map((n) => `pr_${n}`),
      ),
      host: fc.constantFrom("localhost", "127.0.0.1", "ecomos-prod.c0ffee.us-east-1.rds.amazonaws.com"),
      port: fc.integer({ min: 1024, max: 65535 }),
      password,
      sslmode: fc.constantFrom(...SSL_MODES),
    })
    .map(({ app, environment, ...rest }) => {
      const { login, schema } = namesOf(app, environment);
      return { ...rest, username: login, schema };
    });

/** As `random.RandomPassword` makes it: 32 letters and digits. */
const generated = fc.string({ unit: fc.constantFrom(...ALPHANUMERIC), minLength: 32, maxLength: 32 });
/** As a person chose it, for a login that is adopted: anything but a backslash or a zero byte. */
const chosen = fc
  .string({ unit: "binary", minLength: 1, maxLength: 40 })
  .filter((text) => !/[\\\0]/.test(text));

const PARSERS: Record<string, (url: string) => unknown> = {
  "new URL": (text) => {
    const url = new URL(text);
    const [username, password] = [decodeURIComponent(url.username), decodeURIComponent(url.password)];
    const { hostname: host, searchParams } = url;
    return [host, Number(url.port), username, password, url.pathname.slice(1), searchParams.get("schema")];
  },
  "node-pg": (text) => {
    const { host, port, user, password, database, schema } = parse(text) as ReturnType<typeof parse> & {
      schema?: string;
    };
    return [host, Number(port), user, password, database, schema];
  },
  Prisma: (text) => {
    const { host, port, user, password, database, schema } = uriToCredentials(text);
    // It leaves the password as it stands in the URL; the engine decodes it.
    return [host, port, user, decodeURIComponent(password ?? ""), database, schema];
  },
};

describe.each(Object.keys(PARSERS))("%s", (parser) => {
  test.each([
    ["generated passwords", generated],
    ["any password a person chose", chosen],
  ])("gives back what the URL was made of: %s", (_, password) => {
    fc.assert(
      fc.property(partsWith(password), (parts) => {
        const { host, port, username, schema } = parts;
        const { DATABASE_URL = "" } = appSecretValue("DATABASE_URL", parts);
        expect(PARSERS[parser]?.(DATABASE_URL)).toEqual([
          host,
          port,
          username,
          parts.password,
          DATABASE,
          schema,
        ]);
      }),
      { numRuns: SEEDS },
    );
  });
});
