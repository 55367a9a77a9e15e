import { readFileSync } from "node:fs";
import { join } from "node:path";
import { runReview, spawnReview } from "./command";
import { previewFile, previewNames } from "./preview-files";

jest.setTimeout(60_000);

const text = (name: string) => readFileSync(previewFile(name), "utf8");
const SCHEMA =
  "urn:pulumi:prod::portal-db::portal-db:index:AppSchema$postgresql:index/schema:Schema::website-prod-schema";

test("each official preview ends with its status and its verdict in the first line", () => {
  const ends: string[] = [];
  for (const name of previewNames()) {
    const { status, stdout, stderr } = runReview([previewFile(name)]);
    ends.push(`${name} ${status} ${stdout.split("\n")[0]?.replace(/ stack .*/, "")}${stderr}`);
  }
  expect(ends).toEqual([
    "add-app-dev 0 ## 🔓 widens access:",
    "add-reader-prod 0 ## 🔓 widens access:",
    "connection-limit-prod 0 ## ✅ safe:",
    "create-dev 0 ## 🔓 widens access:",
    "create-prod 0 ## 🔓 widens access:",
    "engine-major-prod 0 ## ⚠️ interrupts:",
    "grant-to-public-prod 2 ## 🛑 blocks:",
    "instance-class-and-backups-prod 2 ## 🛑 blocks:",
    "no-change-prod 0 ## ✅ safe:",
    "public-unprotected-instance-prod 2 ## 🛑 blocks:",
    "remove-app-dev 0 ## ⚠️ interrupts:",
    "remove-app-prod 2 ## 🛑 blocks:",
    "remove-app-prod-protected 2 ## 🛑 blocks:",
    "rename-schema-dev 0 ## ⚠️ interrupts:",
    "rotate-credential-prod 0 ## ⚠️ interrupts:",
  ]);
});

test("Markdown says the verdict, what changes, the matrix and the folded resources, in this order", () => {
  const { stdout } = runReview(["-"], text("add-reader-prod"));
  expect(stdout).toBe(readFileSync(join(__dirname, "previews/add-reader-prod.md"), "utf8"));
});

test("standard input and a file say the same, and JSON is the same review", () => {
  const fromFile = runReview([previewFile("remove-app-prod"), "--json"]);
  const fromInput = runReview(["--json", "-"], text("remove-app-prod"));
  expect(fromInput).toEqual(fromFile);
  const { verdict, exitStatus, stack, groups, access, resources } = JSON.parse(fromFile.stdout);
  expect({ verdict, exitStatus, stack }).toEqual({ verdict: "blocks", exitStatus: 2, stack: "prod" });
  expect(
    groups.map(({ app, environment, risk }: Record<string, string>) => [app, environment, risk]),
  ).toEqual([["website", "prod", "blocks"]]);
  expect(access.filter(({ changed }: { changed: boolean }) => changed)).toHaveLength(3);
  expect(resources).toHaveLength(8);
});

test("--allow lets the named thing alone through, and says so with the reason", () => {
  const one = runReview([
    previewFile("remove-app-prod"),
    "--allow",
    SCHEMA,
    "--reason",
    "the app is retired",
  ]);
  expect(one.status).toBe(2);
  expect(one.stdout).toContain(`- let through by --allow: \`${SCHEMA}\`, because \`the app is retired\``);
  expect(one.stdout).toContain(
    "- **allowed** (blocks) `schema website_prod`: `drops a prod schema, and what is in it`, because `the app is retired`",
  );
  const { groups } = JSON.parse(runReview([previewFile("remove-app-prod"), "--json"]).stdout);
  const urns: string[] = groups
    .flatMap((group: { findings: { risk: string; urn: string }[] }) => group.findings)
    .filter(({ risk }: { risk: string }) => risk === "blocks")
    .map(({ urn }: { urn: string }) => urn);
  const all = runReview([
    previewFile("remove-app-prod"),
    ...urns.flatMap((urn) => ["--allow", urn, "--reason", "retired"]),
  ]);
  expect(all.status).toBe(0);
  expect(all.stdout).toMatch(/^## ⚠️ interrupts: stack `prod`/);
});

test("nothing is let through of a preview that is incomplete", () => {
  const { steps } = JSON.parse(text("remove-app-prod-protected")) as { steps: { urn: string; op: string }[] };
  const urns = steps.filter(({ op }) => op === "delete").map(({ urn }) => urn);
  const args = urns.flatMap((urn) => ["--allow", urn, "--reason", "retired"]);
  const { status, stdout } = runReview([previewFile("remove-app-prod-protected"), ...args]);
  expect(status).toBe(2);
  expect(stdout).toMatch(/^## 🛑 blocks: stack `prod`; the preview is incomplete/);
});

test("the command itself reads standard input, prints the review and ends with its status", async () => {
  const blocked = await spawnReview(["-"], text("remove-app-prod"));
  expect(blocked).toEqual(runReview(["-"], text("remove-app-prod")));
  expect(blocked.status).toBe(2);
  const cut = await spawnReview(["-"], text("remove-app-prod").slice(0, 5000));
  expect(cut).toMatchObject({
    status: 1,
    stdout: "",
    stderr: expect.stringMatching(/^error: standard input is cut off after 5000 /),
  });
});
