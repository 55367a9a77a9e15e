/** `npm run record`: has the official engine make the previews that the review's tests read. */
import { rmSync, writeFileSync } from "node:fs";
import { MistakeError } from "../../infra/mistake";
import { recordingFile, recordingNames } from "../review/recordings";
import { runOnEngine } from "./run";
import { recordAll } from "./scenarios";
import { hasOfficialHost } from "./tools";

runOnEngine(async (tools) => {
  if (!hasOfficialHost(tools))
    throw new MistakeError(
      "the official language host is not on PATH: what reviewers get is made under the policy pack, which it starts",
    );
  const texts = await recordAll();
  for (const name of recordingNames()) if (!texts.has(name)) rmSync(recordingFile(name));
  for (const [name, text] of texts) writeFileSync(recordingFile(name), text);
  console.log(`${texts.size} previews are recorded`);
  return 0;
});
