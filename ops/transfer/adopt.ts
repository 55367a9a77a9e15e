import { PersonError } from "../../local/person-error";
import { placeOf } from "../app/place";
import { PLACE_FLAGS, readLine, wholeOf } from "../command-line";
import { isConfirmed, requireAnswerable } from "../confirm";
import type { Verb } from "../verb";
import { applyAdoption } from "./adopt-apply";
import { readDeclared } from "./adopt-declared";
import { type AdoptionPlan, planAdoption } from "./adopt-plan";
import { reportOf } from "./adopt-report";
import { openAdminSession } from "./adopt-session";
import { surveyDatabase } from "./adopt-survey";
import { serverMajor } from "./server";

const FLAGS = {
  ...PLACE_FLAGS,
  apply: { type: "boolean" },
  yes: { type: "boolean" },
  "lock-timeout": { type: "string" },
} as const;

const NEXT: Readonly<Record<AdoptionPlan["phase"], string>> = {
  bridge:
    "Then deploy prod and dev (pulumi up), and run adopt --apply again: it hands over what the deploy made owners for",
  "hand over": "A deploy after it changes nothing",
  nothing: "Everything that the stacks declare has its declared owner; nothing to do",
};

/** Reads a database that was made by hand, and hands it to the owners that the stacks declare. */
export const ADOPT: Verb = {
  name: "adopt",
  usage:
    "[--apply] [--yes] [--lock-timeout SECONDS]   (the admin's password in PGPASSWORD before the first deploy)",
  summary:
    "say what the stacks find in an existing database, what they import and who loses what; --apply runs the printed SQL",
  async run(args) {
    const { values, positionals } = readLine("adopt", args, FLAGS);
    if (positionals.length > 0)
      throw new PersonError("adopt works on the whole database and takes no app", 2);
    if (values.stack !== undefined)
      throw new PersonError("adopt looks at prod and dev together: leave --stack out", 2);
    const lockTimeoutSeconds = wholeOf("--lock-timeout", values["lock-timeout"] ?? "5", 1, 3600);
    const yes = values.yes === true;
    const place = placeOf(values, "prod");
    const declared = readDeclared(place.configDir);
    const { client, at } = await openAdminSession(place, declared);
    try {
      if ((await serverMajor(client)) < 16)
        throw new PersonError("adopt needs Postgres 16 or later: upgrade first");
      const survey = await surveyDatabase(client);
      const plan = planAdoption(declared, survey);
      console.log(`${at}, as ${survey.admin}`);
      for (const { title, lines } of reportOf(declared, survey, plan))
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
      if (plan.problems.length > 0) return 1;
      if (values.apply !== true || plan.sql.length === 0) return 0;
      requireAnswerable(yes);
      if (!(await isConfirmed("adopt", yes))) {
        console.log("Nothing was changed");
        return 1;
      }
      await applyAdoption(client, { declared, survey, plan, lockTimeoutSeconds });
      console.log(`Done: ${plan.sql.length} statements`);
      return 0;
    } finally {
      await client.end().catch(() => {});
    }
  },
};
