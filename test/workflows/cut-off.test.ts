import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { jobsOf, WORKFLOW_FILES } from "./workflow-files";

const ROOT = join(__dirname, "../..");

test("every job that deploys ends by saying what mends a deployment that was cut off, and for which stack", () => {
  const said = WORKFLOW_FILES.flatMap((file) =>
    jobsOf(file).flatMap(([name, { steps = [] }]) => {
      const isDeploy = steps.some(({ run = "" }) => /pulumi up|ephemeral\.sh up/.test(run));
      const last = steps.at(-1);
      return isDeploy ? [`${file} ${name}: if ${last?.if}: ${last?.run}`] : [];
    }),
  );
  const when = "if failure() || cancelled(): .github/scripts/cut-off.sh";
  expect(said).toEqual([
    `deploy.yml dev: ${when} dev`,
    `deploy.yml prod: ${when} prod`,
    `ephemeral.yml up: ${when} "$STACK"`,
  ]);
});

test("what it says to type is a command that is there", () => {
  const said = execFileSync(join(ROOT, ".github/scripts/cut-off.sh"), ["pr-42"], {
    encoding: "utf8",
    env: { ...process.env, AWS_REGION: "us-east-1" },
  });
  const [, typed = ""] = /^ {2}npm run ops -- (.*)$/m.exec(said) ?? [];
  expect(typed).toBe(
    "recover pr-42 --aws --holder-is-gone --region us-east-1 --endpoint localhost:6543 --ca-bundle global-bundle.pem",
  );
  const help = execFileSync("npm", ["run", "--silent", "ops", "--", "recover", "--help"], {
    cwd: ROOT,
    encoding: "utf8",
  });
  for (const flag of ["--aws", "--holder-is-gone", "--region", "--endpoint", "--ca-bundle"])
    expect(help).toContain(`  ${flag} `);
});
