import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHECKOUT, endOf, RUN_TYPESCRIPT } from "../helpers/process";
import { RECORDED_APPS, RECORDED_CHANGES, type RecordedStack } from "../review/recorded-changes";
import { secretTextsOf } from "./left";
import { makeOldWorld, OLD_PASSWORD } from "./old-world";
import { EngineProject } from "./project";
import { stableText } from "./stable";

/** Records one preview of a stack under a name. */
type Take = (name: string, stack: RecordedStack, ...flags: readonly string[]) => Promise<void>;

/** Makes every recorded preview as CI does, on projects of its own. @returns their texts by name */
export async function recordAll(): Promise<ReadonlyMap<string, string>> {
  const deployed = await recorded(async (project, take) => {
    const { platform } = project;
    for (const stack of ["prod", "dev"] as const) {
      await take(`create-${stack}`, stack);
      await project.up(stack);
    }
    for (const [name, [stack, settings]] of Object.entries(RECORDED_CHANGES)) {
      const before = Object.keys(settings).map((key) => [key, platform.setting(stack, key)] as const);
      platform.configure(stack, settings);
      await take(name, stack);
      platform.configure(stack, Object.fromEntries(before));
    }
    await platform.asSuperuser("ALTER ROLE portal_wms_dev CONNECTION LIMIT 3");
    await take("drift-dev", "dev", "--refresh");
  });
  const adopted = await recorded(async (project, take) => {
    await makeOldWorld(project);
    // It is not encrypted, which docs/ci.md says to let through.
    const exceptions = join(project.platform.dir, "policy/exceptions.json");
    writeFileSync(exceptions, JSON.stringify({ "storage-encrypted": "advisory" }));
    await take("adopt-prod", "prod");
  });
  return new Map([...deployed, ...adopted]);
}

/** What is recorded on a project of its own. @throws Error when something secret stands in it, or a folder of this machine */
async function recorded(
  use: (project: EngineProject, take: Take) => Promise<void>,
): Promise<Map<string, string>> {
  const project = await EngineProject.make();
  const texts = new Map<string, string>();
  try {
    for (const stack of ["prod", "dev"] as const)
      project.platform.configure(stack, { apps: RECORDED_APPS[stack] });
    await use(project, async (name, stack, ...flags) => {
      console.log(`recording ${name}`);
      texts.set(name, stableText(await previewOf(project, stack, ...flags), project.platform.port));
    });
    const strays = [...(await secretsOf(project)), "SCRAM-SHA-256", tmpdir(), CHECKOUT].flatMap(formsOf);
    for (const [name, text] of texts)
      if (strays.some((stray) => text.includes(stray)))
        throw new Error(`a secret, or a folder of this machine, stands in ${name}: nothing is written`);
    return texts;
  } finally {
    await project.remove();
  }
}

/** Everything that a project keeps secret. */
async function secretsOf({ platform, masterPassword, env }: EngineProject): Promise<string[]> {
  const texts = [...(await secretTextsOf(platform)).values()];
  const passwords = texts.map((text) => (JSON.parse(text) as { password: string }).password);
  return [...passwords, masterPassword, env.PULUMI_CONFIG_PASSPHRASE ?? "", OLD_PASSWORD];
}

/** A text as it may stand in a preview: in JSON, in JSON that stands in JSON, in a URL. */
function formsOf(text: string): string[] {
  const inJson = (plain: string) => JSON.stringify(plain).slice(1, -1);
  return [text, inJson(text), inJson(inJson(text)), encodeURIComponent(text)];
}

/** What `npm run preview` keeps for reviewers. @throws Error when it fails for another reason than that something is protected */
async function previewOf(
  { platform, env }: EngineProject,
  stack: RecordedStack,
  ...flags: readonly string[]
): Promise<string> {
  const { dir } = platform;
  const file = join(dir, "kept", `${stack}.json`);
  rmSync(file, { force: true });
  const command = [...RUN_TYPESCRIPT, join(CHECKOUT, "ops/main.ts"), "preview", stack, "--config-dir", dir];
  const kept = ["--judge", dir, "--no-review", "--json", file];
  const { status, stderr } = await endOf(spawn(process.execPath, [...command, ...kept, ...flags], { env }));
  const isExpected = status === 0 || stderr.includes("cannot be deleted");
  if (!isExpected || !existsSync(file))
    throw new Error(`the preview of ${stack} ended with ${status}:\n${stderr}`);
  return readFileSync(file, "utf8");
}
