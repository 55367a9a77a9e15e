/** A program whose stages are told by `Stages`: what stands while it waits, it has seen drawn. */
import { Stages } from "../../cli/stages";
import { until } from "../../local/servers/processes";

let written = "";
const { write } = process.stdout;
process.stdout.write = ((chunk: string, ...more: []) => {
  written += chunk;
  return write.call(process.stdout, chunk, ...more);
}) as typeof write;

/** Waits until a text is drawn from now on; where nothing is redrawn, there is nothing to wait for. */
function drawn(text: string) {
  const from = written.length;
  return until(process.argv[2] === "redrawn" ? 20_000 : 0, () => written.includes(text, from));
}

async function main(): Promise<void> {
  const stages = new Stages();
  const [one, two] = [stages.begin("Postgres"), stages.begin("AWS emulator")];
  one.say("starting");
  two.say("starting");
  await drawn("Postgres      starting\nAWS emulator  starting\n");
  console.log(`a result ${"w".repeat(100)}`);
  console.error("warning: it stays whole");
  await drawn("Postgres      starting\nAWS emulator  starting\n");
  two.end("http://127.0.0.1:1");
  await drawn("Postgres      starting\n");
  process.stdout.write("half a line");
  one.say("nearly");
  process.stdout.write(", and its end\n");
  await drawn("Postgres      nearly\n");
  one.end("localhost:1");
  const prod = stages.begin("stack prod");
  prod.say("deploying", true);
  prod.say("1 of 9 resources");
  await drawn("stack prod    1 of 9 resources\n");
  prod.say(`${"long ".repeat(30)}end`);
  await drawn("long");
  prod.say("2 of 9 resources");
  await drawn("stack prod    2 of 9 resources\n");
  await stages
    .run(
      "stack dev",
      () => Promise.reject(new Error("refused")),
      () => "never",
    )
    .catch((thrown: Error) => console.log(thrown.message));
  prod.fail();
}

void main();
