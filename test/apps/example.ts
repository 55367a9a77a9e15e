import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { namesOf } from "../../infra/names";
import { ANSWERS } from "./deploy.cases";
import type { Workspace } from "./workspace";

/** Text of a committed example. */
export function read(file: string): string {
  return readFileSync(resolve(__dirname, "../../examples", file), "utf8");
}

/** Expects that a URL leads wms to its schema in an environment. */
export async function answersWith(workspace: Workspace, url: string, environment: string): Promise<void> {
  const { results } = await workspace.withUrl("wms", url, "queries");
  expect(results).toEqual([ANSWERS.wms(namesOf("wms", environment).schema)]);
}
