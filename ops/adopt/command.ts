import { requireNoMore } from "../../cli/arguments";
import type { Command } from "../../cli/command";
import { isAgreed } from "../../cli/confirm";
import { EXIT } from "../../cli/exit-status";
import { ENDPOINT, lockTimeout, lockTimeoutOf, PLACE, YES } from "../../cli/options";
import { LASTING_STACKS } from "../../infra/names";
import { requireSupported } from "../../infra/postgres-version";
import { printable } from "../../infra/printable";
import { placeOf } from "../app/place";
import { serverMajor } from "../app/session";
import { applyAdoption } from "./apply";
import { readDeclared } from "./declared";
import { reportInstance } from "./instance-report";
import { wrongPasswords } from "./passwords";
import { type AdoptionPlan, planAdoption } from "./plan";
import { adoptionReport } from "./report";
import { withAdoptSession } from "./session";
import { surveyDatabase } from "./survey";

const OPTIONS = {
  apply: { type: "boolean", help: "run the SQL that is printed" },
  ...YES,
  ...lockTimeout(5),
  ...PLACE,
  ...ENDPOINT,
} as const;

/** What is left to type, in order: what waits for a stack's deploy is handed over after it. */
function nextLines({ sql, later }: AdoptionPlan): string[] {
  const stacks = LASTING_STACKS.filter((stack) => later.some(([of]) => of === stack));
  if (stacks.length > 0) {
    const deploys = stacks.flatMap((stack) => [
      `npx pulumi up --stack ${stack}`,
      "npm run ops -- adopt --apply",
    ]);
    return [
      sql.length > 0 ? "After it, in this order" : "Ready to deploy, in this order",
      ...deploys.map((line) => `  ${line}`),
    ];
  }
  return sql.length > 0
    ? ["After it, deploy prod and dev with --refresh: both look at what changed hands"]
    : ["Everything that the stacks declare has its declared owner; nothing to do"];
}

/** Prints a part of the report, if there is any of it: names in it are others'. */
function printPart(title: string, lines: readonly string[]): void {
  if (lines.length > 0)
    console.log([`\n${title}`, ...lines.map((line) => `  ${printable(line)}`)].join("\n"));
}

/** Reads a database that was made by hand, and hands it to the owners that the stacks declare. */
export const ADOPT: Command<typeof OPTIONS> = {
  options: OPTIONS,
  example: "--aws --endpoint localhost:6543",
  found: "something is in the way of adoption, or a password is wrong; nothing was changed",
  notes:
    "Looks at the whole database, and at prod and dev together, as the master user. Before the first deploy its " +
    "password has to be in PGPASSWORD. On AWS it first reads the instance that prod adopts, and says what the deploy " +
    "would fail by, or change for the worse.",
  async run({ values, positionals }) {
    requireNoMore(positionals);
    const { apply, yes } = values;
    const lockTimeoutSeconds = lockTimeoutOf(values);
    const place = placeOf(values, "prod");
    const declared = readDeclared(place.configDir);
    const instance = await reportInstance(place, declared);
    return withAdoptSession(place, declared, async ({ client, at }) => {
      requireSupported(String(await serverMajor(client)));
      const survey = await surveyDatabase(client);
      const plan = planAdoption(declared, survey);
      const wrong = await wrongPasswords(place, declared, survey);
      console.log(printable(`${at}, as ${survey.master}`));
      for (const { title, lines } of adoptionReport(declared, survey, plan)) printPart(title, lines);
      printPart(
        "SQL, in one transaction",
        plan.sql.map((sql) => `${sql};`),
      );
      for (const stack of LASTING_STACKS) {
        const waiting = plan.later.filter(([of]) => of === stack).map(([, sql]) => `${sql};`);
        printPart(`SQL of a later run, after the deploy of ${stack}`, waiting);
      }
      printPart("Passwords", wrong);
      console.log(`\n${nextLines(plan).join("\n")}`);
      if (plan.problems.length > 0) return EXIT.found;
      if (!apply || plan.sql.length === 0) {
        if (wrong.length > 0 || instance === "stops the deploy") return EXIT.found;
        return instance === "fits" ? EXIT.done : EXIT.failed;
      }
      if (!(await isAgreed("adopt", yes))) return EXIT.failed;
      await applyAdoption(client, { declared, survey, plan, lockTimeoutSeconds });
      console.log(`Done: ${plan.sql.length} statements`);
      return EXIT.done;
    });
  },
};
