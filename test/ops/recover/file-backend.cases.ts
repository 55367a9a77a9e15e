import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { dropCutOffWrites } from "../../../ops/recover/file-backend";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "portal-db-backend-"));
});
afterEach(() => rmSync(root, { recursive: true }));

/** Writes a file of the backend, of a minute ago. */
function put(name: string, text: string): string {
  const file = join(root, ".pulumi", name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  const then = Date.now() / 1000 - 60;
  utimesSync(file, then, then);
  return file;
}

test("empty attributes of the stack go, as a kill leaves them; whatever else is there stays", async () => {
  const lost = ["stacks/portal-db/dev.json.attrs", "locks/organization/portal-db/dev/1.json.attrs"];
  const kept = [
    ["stacks/portal-db/dev.json", ""],
    ["stacks/portal-db/dev.json.bak.attrs", "{}"],
    ["stacks/portal-db/prod.json.attrs", ""],
    ["locks/organization/portal-db/pr-1/1.json.attrs", ""],
    ["history/portal-db/dev/1.json.attrs", ""],
  ] as const;
  const [gone, stay] = [lost.map((name) => put(name, "")), kept.map(([name, text]) => put(name, text))];
  await dropCutOffWrites(`file://${root}?no_tmp_dir=true`, "dev");
  expect(gone.filter(existsSync)).toEqual([]);
  expect(stay.filter(existsSync)).toEqual(stay);
});

test("what is being written is left to its writer, and a bucket is none of its business", async () => {
  const file = put("stacks/portal-db/dev.json.attrs", "");
  await dropCutOffWrites(`s3://${root}`, "dev");
  expect(existsSync(file)).toBe(true);
  utimesSync(file, Date.now() / 1000, Date.now() / 1000);
  const dropped = dropCutOffWrites(`file://${root}`, "dev");
  writeFileSync(file, "{}");
  await dropped;
  expect(existsSync(file)).toBe(true);
});
