import * as pulumi from "@pulumi/pulumi";
import { declareStack } from "./program";
import { keepTracesPrintable } from "./traces";

keepTracesPrintable();

/** The program that the engine runs: the stack's name decides what it declares. */
export = () => declareStack(pulumi.getStack(), pulumi.getRootDirectory());
