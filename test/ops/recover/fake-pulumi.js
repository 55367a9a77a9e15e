#!/usr/bin/env node
// Answers what recover asks of the CLI, out of the files of the folder that PORTAL_DB_FAKE names, and writes down what it was told.
const { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const file = (name) => join(process.env.PORTAL_DB_FAKE, name);
const args = process.argv.slice(2).filter((arg) => !["--non-interactive", "--color", "never"].includes(arg));
const command = args.join(" ").replace(/ ?--stack \S+/g, "");
appendFileSync(file("calls"), `${command}\n`);
// A pipe by this name holds it up until somebody writes there.
const gate = file(`gate ${command}`);
if (existsSync(gate)) readFileSync(gate);
const isLocked = existsSync(file("refusal"));
if (command.startsWith("whoami")) console.log(readFileSync(file("backend"), "utf8"));
else if (command.startsWith("stack rename")) {
  console.error(isLocked ? readFileSync(file("refusal"), "utf8") : "error: a stack named dev already exists");
  process.exitCode = 255;
} else if (command === "stack export") {
  process.stdout.write(readFileSync(file("state"), "utf8"));
  // Somebody else deploys while recover asks.
  if (existsSync(file("next-state"))) writeFileSync(file("state"), readFileSync(file("next-state")));
} else if (command === "stack export --show-secrets")
  process.stdout.write(readFileSync(file("plain-state"), "utf8"));
else if (command === "stack import") {
  if (isLocked) {
    console.error("warning: nothing\nerror: could not import deployment: the stack is currently locked");
    process.exitCode = 255;
  } else writeFileSync(file("imported"), readFileSync(0));
} else if (command === "cancel --yes") rmSync(file("refusal"));
else process.exitCode = 255;
