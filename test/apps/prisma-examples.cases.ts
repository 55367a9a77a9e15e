import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { CHECKOUT, endOf, TSX } from "../helpers/process";
import type { Deployed } from "./deploy.cases";
import { appEndOf } from "./workspace";

const SUPPLIERS =
  'import { prisma } from "./db";\nexport const main = () => prisma.supplier.findMany({ select: { name: true } });\n';

/** The committed set-ups of Prisma, run on the schema of wms. */
export function prismaExampleCases(get: () => Deployed): void {
  /** Copies an example beside the apps. @param change what becomes of one of its files */
  const place = (example: string, name: string, file?: string, change?: (text: string) => string): void => {
    const folder = get().workspace.path(name);
    cpSync(resolve(CHECKOUT, "examples", example), folder, { recursive: true });
    writeFileSync(resolve(folder, "suppliers.ts"), SUPPLIERS);
    if (file === undefined || change === undefined) return;
    const before = readFileSync(resolve(folder, file), "utf8");
    expect(change(before)).not.toBe(before);
    writeFileSync(resolve(folder, file), change(before));
  };
  const suppliers = async (name: string) => {
    expect(await get().workspace.run(name, {}, "generate")).toMatchObject({ status: 0, stderr: "" });
    return get().workspace.withUrl(name, await get().workspace.url("wms", "dev"), "suppliers");
  };

  test("Prisma 7's client reads the schema that the URL names; without { schema } it looks in public", async () => {
    place("prisma-7", "prisma-7");
    expect(await suppliers("prisma-7")).toMatchObject({ stderr: "", results: [[{ name: "Weavers" }]] });
    place("prisma-7", "prisma-7-without", "db.ts", (text) => text.replace(", { schema });", ");"));
    const without = await suppliers("prisma-7-without");
    expect({ status: without.status, stderr: without.stderr }).toEqual({
      status: 1,
      stderr: expect.stringContaining("`public.Supplier` does not exist"),
    });
  });

  test("Prisma 7's config takes the URL from the environment", async () => {
    const folder = get().workspace.path("prisma-7");
    // The CLI's package, as far as a config uses it.
    const stub = resolve(folder, "node_modules/prisma");
    mkdirSync(stub, { recursive: true });
    writeFileSync(resolve(stub, "config.js"), 'module.exports = require("@prisma/config");');
    const print = 'console.log(JSON.stringify(require("./prisma.config").default))';
    const env = { PATH: process.env.PATH, DATABASE_URL: "postgresql://a:b@c/portal_db?schema=wms_dev" };
    const ended = await appEndOf(
      spawn(process.execPath, ["--import", TSX, "-e", print], { cwd: folder, env }),
    );
    expect(ended).toMatchObject({
      status: 0,
      results: [
        {
          schema: "schema.prisma",
          migrations: { path: "migrations" },
          datasource: { url: env.DATABASE_URL },
        },
      ],
    });
  });

  test("Prisma 6 differs in where the url stands alone, and its client is made the same way", async () => {
    const db = (version: string) =>
      readFileSync(resolve(CHECKOUT, `examples/prisma-${version}/db.ts`), "utf8");
    expect(db("6")).toBe(db("7"));
    // Prisma 7, which is what is installed, refuses a url in the schema.
    place("prisma-6", "prisma-6", "schema.prisma", (text) =>
      text.replace(/ +url += env\("DATABASE_URL"\)\n/, ""),
    );
    expect(await suppliers("prisma-6")).toMatchObject({ stderr: "", results: [[{ name: "Weavers" }]] });
  });

  test.each(["prisma-6", "prisma-7"])("check-prisma finds nothing wrong in %s", async (example) => {
    const args = ["--import", TSX, "ops/main.ts", "check-prisma", `examples/${example}`];
    const ended = await endOf(spawn(process.execPath, args, { cwd: CHECKOUT }));
    expect(ended).toMatchObject({ status: 0, stdout: `examples/${example}: fits wms\n` });
  });
}
