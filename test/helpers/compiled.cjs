/**
 * What `node --require` loads to run TypeScript in a process that starts often, as the engine's plugins do: it starts in a
 * third of the time that tsx takes. Each file is compiled once, and kept in `.local/compiled` until its text is another one.
 */
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const { join, relative, resolve } = require("node:path");
const Module = require("node:module");

const ROOT = resolve(__dirname, "../..");
const KEPT = join(ROOT, ".local/compiled");
const SETTINGS = join(ROOT, "tsconfig.json");
/** What a file is compiled by: with another one of these, what is kept is of no use. */
const COMPILER = [__filename, SETTINGS, require.resolve("typescript/package.json")].map((file) =>
  readFileSync(file),
);

process.setSourceMapsEnabled(true);

Module._extensions[".ts"] = (module, file) => {
  const text = readFileSync(file, "utf8");
  // The first line says of what it was made: nothing else has to be compared.
  const hash = createHash("sha256");
  for (const part of [...COMPILER, text]) hash.update(part);
  const mark = `//${hash.digest("hex")}\n`;
  const kept = join(KEPT, `${encodeURIComponent(relative(ROOT, file))}.js`);
  module._compile(keptAt(kept, mark) ?? compiled(text, file, kept, mark), file);
};

function keptAt(kept, mark) {
  try {
    const made = readFileSync(kept, "utf8");
    return made.startsWith(mark) ? made.slice(mark.length) : undefined;
  } catch {
    return undefined;
  }
}

function compiled(text, fileName, kept, mark) {
  const ts = require("typescript");
  const { config } = ts.readConfigFile(SETTINGS, ts.sys.readFile);
  const compilerOptions = { ...config.compilerOptions, inlineSourceMap: true, inlineSources: false };
  const made = ts.transpileModule(text, { fileName, compilerOptions }).outputText;
  mkdirSync(KEPT, { recursive: true });
  // Others compile the same at this moment: each puts a whole file in place.
  const own = `${kept}.${process.pid}`;
  writeFileSync(own, mark + made);
  renameSync(own, kept);
  return made;
}
