import { requireNoMore } from "../../cli/arguments";
import type { Command } from "../../cli/command";
import { isConfirmed, requireAnswerable } from "../../cli/confirm";
import { EXIT } from "../../cli/exit-status";
import { ENDPOINT, lockTimeout, lockTimeoutOf, PLACE, YES } from "../../cli/options";
import { MistakeError } from "../../infra/mistake";
import { placeOf } from "../app/place";
import { serverMajor } from "../app/session";
import { applyAdoption } from "./apply";
import { readDeclared } from "./declared";
import { type AdoptionPlan, planAdoption } from "./plan";
import { adoptionReport } from "./report";
import { openAdoptSession } from "./session";
import { surveyDatabase } from "./survey";

const OPTIONS = {
  apply: { type: "boolean", help: "run the SQL that is printed" },
  ...YES,
  ...lockTimeout(5),
  ...PLACE,
  ...ENDPOINT,
} as const;

const NEXT: Readonly<Record<AdoptionPlan["phase"], string>> = {
  bridge:
    "Then deploy prod and dev (pulumi up), and run adopt --apply again: it hands over what the deploy made owners for",
  "hand over": "A deploy after it changes nothing",
  nothing: "Everything that the stacks declare has its declared owner; nothing to do",
};

/** Reads a database that was made by hand, and hands it to the owners that the stacks declare. */
export const ADOPT: Command<typeof OPTIONS> = {
  options: OPTIONS,
  found: "something is in the way of adoption; nothing was changed",
  notes:
    "Looks at the whole database, and at prod and dev together. Before the first deploy the admin's password has to be in PGPASSWORD.",
  async run({ values, positionals }) {
    requireNoMore(positionals);
    const { apply, yes } = values;
    const lockTimeoutSeconds = lockTimeoutOf(values);
    const place = placeOf(values, "prod");
    const declared = readDeclared(place.configDir);
    const { client, at } = await openAdoptSession(place, declared);
    try {
      if ((await serverMajor(client)) < 16)
        throw new MistakeError("adopt needs Postgres 16 or later: upgrade first");
      const survey = await surveyDatabase(client);
      const plan = planAdoption(declared, survey);
      console.log(`${at}, as ${survey.admin}`);
      for (const { title, lines } of adoptionReport(declared, survey, plan))
        console.log(`\n${title}\n${lines.map((line) => `  ${line}`).join("\n")}`);
      if (plan.sql.length > 0)
        console.log(`\nSQL, in one transaction\n${plan.sql.map((line) => `  ${line};`).join("\n")}`);
      if (plan.later.length > 0)
        console.log(
          `\nSQL of the second run, after the deploy\n${plan.later.map((line) => `  ${line};`).join("\n")}`,
        );
      console.log(
        `\n${plan.sql.length === 0 && plan.phase === "bridge" ? "Ready to deploy" : NEXT[plan.phase]}`,
      );
      if (plan.problems.length > 0) return EXIT.found;
      if (!apply || plan.sql.length === 0) return EXIT.done;
      requireAnswerable(yes);
      if (!(await isConfirmed("adopt", yes))) {
        console.log("Nothing was changed");
        return EXIT.failed;
      }
      await applyAdoption(client, { declared, survey, plan, lockTimeoutSeconds });
      console.log(`Done: ${plan.sql.length} statements`);
      return EXIT.done;
    } finally {
      await client.end().catch(() => {});
    }
  },
};
