import { join } from "node:path";
import { PolicyPack } from "@pulumi/policy";
import { getStack, runtime } from "@pulumi/pulumi";
import { environmentsBeside } from "../infra/config/neighbours";
import { settingsOf } from "../infra/config/stack-file";
import { enforcementOf, policiesOf } from "./policies";

// The pack's version is that of the package.json in the working directory: the project's own.
const root = join(__dirname, "..");
process.chdir(root);

const stack = getStack();
new PolicyPack("portal-db", {
  policies: policiesOf(stack, environmentsBeside(root, stack, settingsOf(runtime.allConfig()))),
  enforcementLevel: enforcementOf(stack),
});
