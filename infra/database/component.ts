import * as pulumi from "@pulumi/pulumi";
import { declareRows } from "../declare-rows";
import type { RightsRow } from "../rights";
import { type AdoptedApp, DATABASE_CLOSED, DATABASE_READY, databaseRights } from "./access";

/** What holds for the whole database. */
export interface DatabaseAccessArgs {
  /** Extensions that apps ask for, created in the schema `extensions`. */
  extensions: readonly string[];
  /** Apps of other stacks whose login existed before. */
  adopted: readonly AdoptedApp[];
}

/** Database-wide grants and extensions: the rows of access.ts that the admin declares. */
export class DatabaseAccess extends pulumi.ComponentResource {
  /** The last grant that every login comes after. */
  public readonly ready: pulumi.Resource | undefined;
  private readonly declared: ReadonlyMap<string, pulumi.CustomResource>;
  private readonly closing: readonly RightsRow[];

  constructor(name: string, args: DatabaseAccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("portal-db:index:DatabaseAccess", name, {}, opts);
    const rows = databaseRights(args.extensions, args.adopted);
    this.closing = rows.filter((row) => row.name === DATABASE_CLOSED);
    this.declared = declareRows(
      rows.filter((row) => row.name !== DATABASE_CLOSED),
      this,
    );
    this.ready = this.declared.get(DATABASE_READY);
    this.registerOutputs({});
  }

  /**
   * Takes CONNECT from everybody.
   * @param waysIn the logins' own, which come before: one that could not be made leaves the common one open
   */
  close(waysIn: readonly pulumi.Resource[]): void {
    const extrasOf = (_row: RightsRow, before: readonly pulumi.Resource[]) => ({
      after: [...before, ...waysIn],
    });
    declareRows(this.closing, this, extrasOf, this.declared);
  }
}
