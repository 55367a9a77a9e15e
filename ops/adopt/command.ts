import { PLACE_FLAGS, readLine, wholeOf } from "../../cli/arguments";
import type { Verb } from "../../cli/command";
import { isConfirmed, requireAnswerable } from "../../cli/confirm";
import { UsageError } from "../../cli/usage-error";
import { MistakeError } from "../../infra/mistake";
import { placeOf } from "../app/place";
import { serverMajor } from "../app/session";
import { applyAdoption } from "./apply";
import { readDeclared } from "./declared";
import { type AdoptionPlan, planAdoption } from "./plan";
import { adoptionReport } from "./report";
import { openAdoptSession } from "./session";
import { surveyDatabase } from "./survey";

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
    if (positionals.length > 0) throw new UsageError("adopt works on the whole database and takes no app");
    if (values.stack !== undefined)
      throw new UsageError("adopt looks at prod and dev together: leave --stack out");
    const lockTimeoutSeconds = wholeOf("--lock-timeout", values["lock-timeout"] ?? "5", 1, 3600);
    const yes = values.yes === true;
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
