import * as pulumi from "@pulumi/pulumi";
import { declareStack } from "./program";
import { keepMistakesReadable } from "./unhandled";

keepMistakesReadable();

/** The program that the engine runs: the stack's name decides what it declares. */
export = () => declareStack(pulumi.getStack(), pulumi.getRootDirectory());
