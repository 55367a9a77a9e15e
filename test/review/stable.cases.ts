import { readFileSync } from "node:fs";
import { stableText } from "../official/stable";
import type { PrintedPreview } from "./engine-preview";
import { recordingFile } from "./recordings";

const PORT = 41_234;
const RECORDED = readFileSync(recordingFile("no-change-prod"), "utf8");

/** The recorded preview as the engine may have printed it: with other identifiers, in another order. */
function printedAnew(): string {
  const { steps, config, ...rest } = JSON.parse(RECORDED) as PrintedPreview;
  const turned = steps.map((step) => {
    const { dependencies: known } = step.newState ?? {};
    const dependencies = known && [...known].reverse();
    return { ...step, newState: { ...step.newState, dependencies, created: new Date(), stackTrace: [{}] } };
  });
  const settings = { ...config, "aws:endpoints": "[]" };
  const note = { severity: "warning", message: "warning: using pulumi-resource-aws from $PATH at /x\n" };
  const printed = { ...rest, config: settings, steps: turned.reverse(), diagnostics: [note], duration: 1 };
  return JSON.stringify(printed)
    .replace(/0{8}-0{4}-0{4}-0{4}-(\d{12})/g, "c0ffee00-1234-4abc-9def-$1")
    .replace(/(subnet|vpc|sgr|sg)-0{10}/g, "$1-0a1b2c3d4e")
    .replace(/db-0{20}/g, "db-M5ENSHXFPU6XHZ4G4ZEI")
    .replace(/(secret:[\w/-]+-)000/g, "$1aZ9")
    .replace(/"dec":"0{6}/g, '"dec":"2346395')
    .replace(/6543/g, String(PORT));
}

test("a second recording of the same programs is the same, whatever was drawn and in whatever order answers came", () => {
  const printed = printedAnew();
  expect(printed).not.toContain("-000000000000");
  expect(stableText(printed, PORT)).toBe(RECORDED);
});

test("a change to a resource is another recording", () => {
  const changed = printedAnew().replace('"instanceClass":"db.t4g.medium"', '"instanceClass":"db.t4g.large"');
  expect(stableText(changed, PORT)).not.toBe(RECORDED);
});
