import * as pulumi from "@pulumi/pulumi";
import { declareRows } from "../declare-rows";
import { DATABASE_READY, databaseRights } from "./access";

/** What holds for the whole database. */
export interface DatabaseAccessArgs {
  /** Extensions that apps ask for, created in the schema `extensions`. */
  extensions: readonly string[];
}

/** Database-wide roles, grants and extensions: the rows of access.ts. */
export class DatabaseAccess extends pulumi.ComponentResource {
  /** The last grant: every login comes after it. */
  public readonly ready: pulumi.Resource | undefined;

  constructor(name: string, args: DatabaseAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("portal-db:index:DatabaseAccess", name, {}, opts);
    this.ready = declareRows(databaseRights(args.extensions), this).get(DATABASE_READY);
    this.registerOutputs({});
  }
}
