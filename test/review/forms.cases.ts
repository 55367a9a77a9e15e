import { runReview } from "./command";
import type { PrintedPreview } from "./engine-preview";
import { previewBetween, StackProgram } from "./program-preview";
import { recordingFile, recordingNames } from "./recordings";

const APPS = 60;
const ELSEWHERE = "the whole review is in the summary of its run, whose link is at the end";

let coming: string;
let going: string;

const devWith = (count: number) => {
  const names = Array.from({ length: count }, (_, at) => `app${at}`);
  const apps = Object.fromEntries(names.map((name) => [name, { connectionLimit: 1 }]));
  return StackProgram.of("dev", { apps, connectionShare: "400" });
};

const said = (preview: string, ...form: string[]) => runReview(["-", ...form], preview).stdout;

beforeAll(async () => {
  const [many, one] = [await devWith(APPS), await devWith(1)];
  const between = (...programs: [StackProgram, StackProgram]): PrintedPreview => previewBetween(...programs);
  coming = JSON.stringify(between(one, many));
  going = JSON.stringify(between(many, one));
});

/** What stands before the first part that is folded. */
const openPart = (text: string) => text.slice(0, text.indexOf("<details>"));

test("a comment of sixty apps leaves room for another stack's, and says what it leaves out and where that is", () => {
  for (const preview of [coming, going]) {
    const comment = said(preview, "--comment");
    expect(comment.length).toBeLessThanOrEqual(30_000);
    expect(comment).toMatch(new RegExp(`^- and \\d+ more resources: ${ELSEWHERE}$`, "m"));
    expect(comment).toMatch(new RegExp(`^and \\d+ more rows: ${ELSEWHERE}$`, "m"));
    const whole = said(preview, "--markdown");
    expect(whole).not.toContain(ELSEWHERE);
    // Each of the sixty, twice over: in dev and in ci.
    for (const text of [comment, whole]) {
      expect(text.match(/<details>/g)?.length).toBe(text.match(/<\/details>/g)?.length);
    }
    const { resources } = JSON.parse(said(preview, "--json"));
    for (const { urn } of resources) expect(whole).toContain(`\`${urn}\``);
  }
});

test("it begins with what a person decides, said once of all of them, and folds every table", () => {
  const comment = said(going, "--comment");
  expect(openPart(comment).split("\n").slice(0, 6)).toEqual([
    "## 🗑️ loses data: stack `dev`",
    "",
    "**🗑️ loses data**: it is gone for good",
    "",
    expect.stringMatching(
      /^- The schema `app\d+_\w+` is dropped, with its tables\. The same goes for (`app\d+_\w+`, ){11}`app\d+_\w+` and 105 more\.$/,
    ),
    "",
  ]);
  expect(openPart(comment)).toMatch(
    /^- 🗑️ 59 apps in `dev` go, each with its schema, its login and its secret: `app\d+`, .* and 47 more$/m,
  );
  expect(openPart(comment)).not.toMatch(/^\|/m);
  expect(openPart(said(coming, "--comment"))).toMatch(
    /^- ✅ 59 new apps in `ci`, each with a schema, a login and a secret: `app\d+`, /m,
  );
});

test("a terminal has no line of more than 80 columns but for a URN, and no list that fills it", () => {
  const texts = [
    ...recordingNames().map((name) => runReview([recordingFile(name)]).stdout),
    said(coming),
    said(going),
  ];
  const wide = texts
    .flatMap((text) => text.split("\n"))
    .filter((line) => line.length > 80 && !/^ *(- )?\S*urn:pulumi:\S+$/.test(line));
  expect(wide).toEqual([]);
  for (const text of texts) expect(text.split("\n").length).toBeLessThan(100);
});

test("a command is one piece of code, which can be copied", async () => {
  const from = await StackProgram.of("prod", { adoptInstance: null });
  const to = await StackProgram.of("prod", { adoptInstance: null, parameters: { max_connections: 400 } });
  const { stdout } = runReview(["-", "--comment"], JSON.stringify(previewBetween(from, to)));
  expect(stdout).toContain(": `aws rds reboot-db-instance --db-instance-identifier ecomos-prod` (");
});

test("two forms at once are a wrong command line", () => {
  const { status, stdout, stderr } = runReview(["-", "--json", "--comment"], going);
  expect([status, stdout, stderr]).toEqual([64, "", "error: --comment and --json are two forms: give one\n"]);
});
