import { join } from "node:path";
import { PolicyPack } from "@pulumi/policy";
import { getStack } from "@pulumi/pulumi";
import { environmentsIn } from "../infra/config/neighbours";
import { enforcementOf, policiesOf } from "./policies";

// The pack's version is that of the package.json in the working directory: the project's own.
const root = join(__dirname, "..");
process.chdir(root);

const stack = getStack();
new PolicyPack("portal-db", {
  policies: policiesOf(stack, environmentsIn(root)),
  enforcementLevel: enforcementOf(stack),
});
