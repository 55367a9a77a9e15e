import { writeSync } from "node:fs";
import { runReview } from "./command";

/** Writes all of it, also to a pipe that is slow. */
function print(text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at);
    } catch (thrown) {
      if ((thrown as { code?: unknown }).code !== "EAGAIN") throw thrown;
    }
  }
}

const { status, stdout, stderr } = runReview(process.argv.slice(2));
print(stdout);
if (stderr !== "") console.error(stderr.trimEnd());
process.exitCode = status;
