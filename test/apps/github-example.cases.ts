import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import { namesOf } from "../../infra/names";
import { endOf } from "../helpers/process";
import type { Deployed } from "./deploy.cases";
import { answersWith, read } from "./example";

interface Step {
  readonly name?: string;
  readonly env?: Record<string, string>;
  readonly run?: string;
}

/** The committed workflow, its step that reads the secret played as GitHub would. */
export function githubExampleCases(get: () => Deployed): void {
  test("the GitHub step masks the URL before anything else, and hands it to the steps after it", async () => {
    const text = read("github/.github/workflows/migrate.yml");
    const { jobs } = parse(text) as { jobs: { migrate: { steps: readonly Step[] } } };
    const step = jobs.migrate.steps.find(({ name }) => name === "Read the database's URL");
    const folder = resolve(get().platform.dir, "github");
    mkdirSync(folder);
    // The AWS CLI, as far as the step uses it.
    const wanted =
      "secretsmanager get-secret-value --secret-id portal-db/ci/wms --query SecretString --output text";
    writeFileSync(
      resolve(folder, "aws"),
      `#!/bin/sh\n[ "$*" = "${wanted}" ] && printf '%s' "$SECRET_VALUE"\n`,
      { mode: 0o755 },
    );
    const outFile = resolve(folder, "env");
    const env = {
      ...step?.env,
      PATH: `${folder}:${process.env.PATH}`,
      GITHUB_ENV: outFile,
      SECRET_VALUE: await get().workspace.secret(namesOf("wms", "ci").secret),
    };
    const url = await get().workspace.url("wms", "ci");
    // As GitHub runs it.
    const shell = ["--noprofile", "--norc", "-eo", "pipefail", "-c", step?.run ?? ""];
    const child = spawn("bash", shell, { env, stdio: ["ignore", "pipe", "pipe"] });
    const { status, stdout, stderr } = await endOf(child);
    const isMasked = stdout === `::add-mask::${url}\n`;
    const isHandedOver = readFileSync(outFile, "utf8") === `DATABASE_URL=${url}\n`;
    expect({ status, stderr, isMasked, isHandedOver }).toEqual({
      status: 0,
      stderr: "",
      isMasked: true,
      isHandedOver: true,
    });
    await answersWith(get().workspace, url, "ci");
  });
}
