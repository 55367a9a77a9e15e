import { resolve } from "node:path";
import { PROJECT } from "../../infra/names";
import { Monitor } from "../../local/engine/monitor";
import { runProgram } from "../../local/engine/program";
import { CHECKOUT } from "../helpers/process";
import { Recorder } from "../helpers/recorder";
import { runHost } from "../helpers/run-host";
import { settingsOf } from "../helpers/settings";

/** The host of the release before the pinned one, which gives the program that release, too. */
const FORMER = [
  process.execPath,
  "--require",
  resolve(__dirname, "former-sdk.cjs"),
  require.resolve("pulumi-sdk-before/cmd/run"),
] as const;

const versionOf = (name: string): string => (require(`${name}/package.json`) as { version: string }).version;

test.each([
  ["pinned", undefined, versionOf("@pulumi/pulumi")],
  ["former", FORMER, versionOf("pulumi-sdk-before")],
] as const)(
  "the %s release of the SDK is the one that its host gives a program",
  async (_, host, version) => {
    const monitor = new Monitor("test", PROJECT, new Recorder());
    const config = { [`${PROJECT}:case`]: "version" };
    const main = resolve(__dirname, "program");
    await runProgram(
      { project: PROJECT, stack: "test", root: CHECKOUT, main, config, preview: false, host },
      monitor,
    );
    expect(monitor.outputs).toEqual({ version });
  },
);

test.each(["prod", "dev", "pr-42"])(
  "the former release declares %s as the pinned one does",
  async (stack) => {
    const pinned = await runHost(stack, settingsOf(stack), false);
    const former = await runHost(stack, settingsOf(stack), false, { host: FORMER });
    const sorted = ({ error, resources }: typeof pinned) => [
      error,
      [...resources].sort((a, b) => (a.identity < b.identity ? -1 : 1)),
    ];
    expect(sorted(former)).toEqual(sorted(pinned));
  },
);
