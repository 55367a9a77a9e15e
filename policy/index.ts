import { join } from "node:path";
import { PolicyPack } from "@pulumi/policy";
import { getStack } from "@pulumi/pulumi";
import { enforcementOf, policiesOf } from "./policies";

// The pack's version is that of the package.json in the working directory: the project's own.
process.chdir(join(__dirname, ".."));

const stack = getStack();
new PolicyPack("portal-db", { policies: policiesOf(stack), enforcementLevel: enforcementOf(stack) });
