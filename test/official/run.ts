import { errorText } from "../../cli/lines";
import { MistakeError } from "../../infra/mistake";
import { type EngineTools, withTools } from "./tools";

/** Runs a command that needs the official engine, and ends the process with its status. */
export function runOnEngine(command: (tools: EngineTools) => Promise<number>): void {
  withTools(command).then(
    (status) => process.exit(status),
    (thrown: unknown) => {
      console.error(thrown instanceof MistakeError ? errorText(thrown.message) : thrown);
      process.exit(1);
    },
  );
}
