import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runReview, spawnReview } from "./command";
import { withoutSames } from "./engine-preview";
import { previewBetween, StackProgram } from "./program-preview";
import { recording, recordingFile, recordingNames } from "./recordings";

const APPS = { auth: {}, wms: { reader: true }, xplan: {}, website: {} };
const SCHEMA =
  "urn:pulumi:prod::portal-db::portal-db:index:AppSchema$postgresql:index/schema:Schema::website-prod-schema";

let prod: StackProgram;
let folder: string;
/** The preview of an app that goes from prod, in a file and as text. */
let removalFile: string;
let removal: string;

const prodWith = (apps: object) => StackProgram.of("prod", { apps });

beforeAll(async () => {
  prod = await prodWith(APPS);
  folder = mkdtempSync(join(tmpdir(), "portal-db-review-"));
  removalFile = join(folder, "removal.json");
  removal = JSON.stringify(previewBetween(prod, await prodWith({ ...APPS, website: undefined })));
  writeFileSync(removalFile, removal);
});

afterAll(() => rmSync(folder, { recursive: true }));

test("each official preview ends with its status and its verdict in the first line", () => {
  const ends: string[] = [];
  for (const name of recordingNames()) {
    const { status, stdout, stderr } = runReview([recordingFile(name)]);
    ends.push(`${name} ${status} ${stdout.split("\n")[0]?.replace(/ stack .*/, "")}${stderr}`);
  }
  expect(ends).toEqual([
    "add-app-dev 0 ✅ safe:",
    "adopt-prod 0 ⚠️ interrupts:",
    "create-dev 0 ✅ safe:",
    "create-prod 0 🔓 widens access:",
    "drift-dev 0 ✅ safe:",
    "engine-major-prod 0 ⚠️ interrupts:",
    "instance-class-and-backups-prod 0 🗑️ loses data:",
    "no-change-prod 0 ✅ safe:",
    "remove-app-dev 0 🗑️ loses data:",
    "remove-app-prod-protected 2 🛑 blocks:",
    "remove-reader-and-limit-prod 2 🛑 blocks:",
    "rotate-credential-dev 0 🔓 widens access:",
  ]);
});

test("Markdown and plain text say the verdict, what to decide, what changes and who may do what, in this order", async () => {
  const preview = previewBetween(prod, await prodWith({ ...APPS, xplan: { reader: true } }));
  const said = (...form: string[]) => runReview(["-", ...form], JSON.stringify(withoutSames(preview))).stdout;
  expect(said("--markdown")).toBe(readFileSync(join(__dirname, "previews/reader-added.md"), "utf8"));
  expect(said("--comment")).toBe(said("--markdown"));
  expect(said()).toBe(readFileSync(join(__dirname, "previews/reader-added.txt"), "utf8"));
});

test("standard input and a file say the same, and JSON is the same review", () => {
  const fromFile = runReview([removalFile, "--json"]);
  const fromInput = runReview(["--json", "-"], removal);
  expect(fromInput).toEqual(fromFile);
  const { verdict, exitStatus, stack, groups, access, resources } = JSON.parse(fromFile.stdout);
  expect({ verdict, exitStatus, stack }).toEqual({ verdict: "blocks", exitStatus: 2, stack: "prod" });
  expect(
    groups.map(({ app, environment, risk }: Record<string, string>) => [app, environment, risk]),
  ).toEqual([["website", "prod", "blocks"]]);
  expect(access.filter(({ changed }: { changed: boolean }) => changed)).toHaveLength(2);
  expect(resources).toHaveLength(10);
});

test("a preview of another checkout is judged with the environments that its own settings name", async () => {
  const made = async (environments: readonly string[]) =>
    StackProgram.of("dev", { apps: { wms: {} }, environments: [...environments] });
  const preview = previewBetween(await made(["dev"]), await made(["dev", "qa"]));
  expect(runReview(["-"], JSON.stringify(preview)).status).toBe(0);
  const config = { ...preview.config, "portal-db:environments": '["dev"]' };
  expect(runReview(["-"], JSON.stringify({ ...preview, config })).status).toBe(2);
});

test("--allow lets the named thing alone through, and says so with the reason", () => {
  const one = runReview([removalFile, "--markdown", "--allow", SCHEMA, "--reason", "the app is retired"]);
  expect(one.status).toBe(2);
  expect(one.stdout).toContain(
    "**Let through by `--allow`**\n\n- The schema `website_prod` is dropped, with everything in it, because `the app is retired`\n",
  );
  const plain = runReview([removalFile, "--allow", SCHEMA, "--reason", "the app is retired"]).stdout;
  expect(plain).toContain(
    "Let through by --allow:\n  - The schema website_prod is dropped, with everything in it, because 'the app\n    is retired'\n",
  );
  const { groups } = JSON.parse(runReview([removalFile, "--json"]).stdout);
  const urns: string[] = groups
    .flatMap((group: { findings: { risk: string; urn: string }[] }) => group.findings)
    .filter(({ risk }: { risk: string }) => risk === "blocks")
    .map(({ urn }: { urn: string }) => urn);
  const all = runReview([removalFile, ...urns.flatMap((urn) => ["--allow", urn, "--reason", "retired"])]);
  expect(all.status).toBe(0);
  expect(all.stdout).toMatch(/^🔒 narrows access: stack prod\n/);
});

test("nothing is let through of a preview that is incomplete", () => {
  const { steps } = recording("remove-app-prod-protected");
  const urns = steps.filter(({ op }) => op === "delete").map(({ urn }) => urn);
  const args = urns.flatMap((urn) => ["--allow", urn, "--reason", "retired"]);
  const { status, stdout } = runReview([recordingFile("remove-app-prod-protected"), ...args]);
  expect(status).toBe(2);
  expect(stdout).toMatch(/^🛑 blocks: stack prod\n\nThe preview is incomplete\./);
});

test("the command itself reads standard input, prints the review and ends with its status", async () => {
  const blocked = await spawnReview(["-"], removal);
  expect(blocked).toEqual(runReview(["-"], removal));
  expect(blocked.status).toBe(2);
  const cut = await spawnReview(["-"], removal.slice(0, 5000));
  expect(cut).toMatchObject({
    status: 1,
    stdout: "",
    stderr: expect.stringMatching(/^error: standard input is cut off after 5000 /),
  });
});
