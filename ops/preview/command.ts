import { lstatSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type Options, oneStack } from "../../cli/arguments";
import { CHECKOUT } from "../../cli/checkout";
import type { Command } from "../../cli/command";
import { EXIT, type ExitStatus } from "../../cli/exit-status";
import { errorText } from "../../cli/lines";
import { CONFIG_DIR } from "../../cli/options";
import { MistakeError } from "../../infra/mistake";
import { printable } from "../../infra/printable";
import { configDirOf } from "../app/place";
import { ALLOWANCES, allowancesOf, reviewText } from "../review/command";
import { parsePreview } from "../review/preview";
import { isLeftAlone } from "../review/resource";
import { errorsIn, wholePreview } from "./digest";
import { runPreview } from "./engine";

const OPTIONS = {
  refresh: { type: "boolean", help: "look first at what is really there; it needs the way to the database" },
  "expect-no-changes": { type: "boolean", help: "end with 2 when anything would change" },
  "save-plan": { type: "string", value: "FILE", help: "keep what pulumi up --plan may then do" },
  json: {
    type: "string",
    value: "FILE",
    help: "keep the preview, for review; what the policy pack says stands in it, too",
  },
  judge: {
    type: "string",
    value: "FOLDER",
    help: "the checkout whose policy pack judges, with its exceptions (default: this one)",
  },
  "no-review": { type: "boolean", help: "print no review: another job makes it of the kept preview" },
  ...ALLOWANCES,
  ...CONFIG_DIR,
} as const satisfies Options;

/**
 * Makes the folder of a file, and takes an older one away: nobody shall take it for what this run makes.
 * @throws {MistakeError} for a link, a folder or a device: it is somebody else's, and is left as it is
 */
function makePlace(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const there = lstatSync(file, { throwIfNoEntry: false });
  if (there === undefined) return;
  if (!there.isFile())
    throw new MistakeError(`${file} is no file but a link, a folder or a device: name a file of its own`);
  rmSync(file);
}

/** Previews a stack in the engine, under the policy pack, and reviews what it would do. */
export const STACK_PREVIEW: Command<typeof OPTIONS> = {
  options: OPTIONS,
  found: "something blocks, or anything changes where nothing shall",
  notes:
    "It runs pulumi preview: log in to the backend before it. The engine writes no checkpoints meanwhile, which is " +
    "faster the more apps there are; never set that for pulumi up.",
  example: "prod --save-plan prod.plan.json",
  async run({ values, positionals }) {
    const stack = oneStack(positionals, "prod");
    const allowances = allowancesOf(values);
    const { json: file, refresh, "save-plan": plan, judge = CHECKOUT, "no-review": isSilent } = values;
    const folder = configDirOf(values);
    const order = { stack, folder, judge: resolve(judge), refresh, plan: plan && resolve(plan) };
    for (const made of [file, order.plan]) if (made !== undefined) makePlace(made);
    const ended = await runPreview(order);
    const digest = wholePreview(ended);
    const text = `${JSON.stringify(digest, null, 2)}\n`;
    if (file !== undefined) writeFileSync(file, text);
    const preview = parsePreview(digest);
    if (ended.status !== 0) {
      for (const error of errorsIn(digest, preview.secrets))
        console.error(errorText(error.split("\n").map(printable).join("\n  ")));
      throw new MistakeError(
        `the preview of ${stack} failed (pulumi ended with ${ended.status}): mend what is named above, and preview again`,
      );
    }
    let status: ExitStatus = EXIT.done;
    if (!isSilent) {
      const reviewed = reviewText(text, {
        file: `the preview of ${stack}`,
        form: "text",
        allowances,
        folder,
      });
      console.log(reviewed.text.trimEnd());
      status = reviewed.status;
    }
    const isChange = preview.resources.some(({ op }) => !isLeftAlone(op));
    return values["expect-no-changes"] && isChange ? EXIT.found : status;
  },
};
