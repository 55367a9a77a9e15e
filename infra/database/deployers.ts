import type * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random";
import { declare } from "../declare";
import { declareRows } from "../declare-rows";
import { MistakeError } from "../mistake";
import { ADMIN, DEV_ADMIN, PASSWORD_LENGTH } from "../names";
import { verifierOf } from "../verifier";
import { type AdoptedApp, CLOSED_DATABASES, deployerRights } from "./access";

/** Whom the master makes. */
export interface DeployersArgs {
  /** Apps whose login existed before, which their deployer is to administer. */
  adopted: readonly AdoptedApp[];
}

/** The database's owner and the two admins: the rows of access.ts that the master declares. */
export class Deployers extends pulumi.ComponentResource {
  /** The admin's password. Whatever uses it comes after all of this: only then the admin may do its work. */
  public readonly adminPassword: pulumi.Output<string>;
  /** The dev admin's password, likewise. */
  public readonly devAdminPassword: pulumi.Output<string>;

  constructor(name: string, args: DeployersArgs, opts?: pulumi.ComponentResourceOptions) {
    super("portal-db:index:Deployers", name, {}, opts);
    const passwords = new Map<unknown, pulumi.Output<string>>();
    const rows = declareRows(deployerRights(args.adopted), this, ({ name: row, inputs }, after) => {
      if (inputs.name !== ADMIN && inputs.name !== DEV_ADMIN) return { after };
      const password = declareGeneratedPassword(`${row}-password`, { parent: this });
      passwords.set(inputs.name, password);
      return { inputs: { password: verifierOf(inputs.name, password) }, after };
    });
    const closed = CLOSED_DATABASES.map((database) => {
      // A row of the type Grant is declared as one.
      const { privileges } = rows.get(`deployers-public-${database}`) as postgresql.Grant;
      return pulumi.output(privileges).apply((left) => requireClosed(database, left));
    });
    const once = (role: string): pulumi.Output<string> => {
      const password = passwords.get(role);
      if (password === undefined) throw new Error(`${role} is no row of the deployers`);
      // Not of the rows' ids: one that a preview would make has none yet, and the password would look like a new one.
      return pulumi.all([password, pulumi.all(closed)]).apply(([known]) => known);
    };
    this.adminPassword = once(ADMIN);
    this.devAdminPassword = once(DEV_ADMIN);
    this.registerOutputs({});
  }
}

/**
 * The server answers a REVOKE of somebody who may not with a warning alone; what is left afterwards says what happened.
 * @throws {MistakeError} when everybody still gets into the database
 */
function requireClosed(database: string, left: readonly string[] | undefined): true {
  if ((left ?? []).length === 0) return true;
  throw new MistakeError(
    `everybody still has ${left?.join(", ")} on the database ${database}, from which a dev admin could drop the ` +
      `project's: the master user does not own it. Have its owner run REVOKE ALL ON DATABASE ${database} FROM PUBLIC`,
  );
}

/** The password of a deployer: the configured one, or one that is generated once and kept. */
export function declareGeneratedPassword(
  name: string,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  return declare(RandomPassword, name, { length: PASSWORD_LENGTH, special: false }, opts).result;
}
