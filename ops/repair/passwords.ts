import { escapeLiteral } from "pg";
import { quoted } from "../../access/undeclared/finding";
import { isTakenOver } from "../../infra/app/access";
import { type UrlKey, urlKeysOf } from "../../infra/app/database-url";
import { MistakeError } from "../../infra/mistake";
import { scramVerifier } from "../../infra/scram-verifier";
import { connect, NoConnectionLeft, WrongPassword } from "../app/connection";
import type { AppDeployment } from "../app/deployment";
import type { Place } from "../app/place";
import { readAppSecret } from "../app/secrets";
import { type AppOfStack, canLogIn, type StackPart } from "../app/server-part";
import { appConnection, visitorConnection } from "../app/session";
import type { Repair } from "./repairs";

/** What trying each secret showed. */
export interface Passwords {
  /** For each login that the server refuses with its secret's password: that password, as its verifier. */
  readonly repairs: readonly Repair[];
  /** Why a login could not be tried. */
  readonly problems: readonly string[];
}

/** Logs in with each secret of the stack; a password that the server takes is left alone. */
export async function refusedPasswords(part: StackPart, place: Place): Promise<Passwords> {
  const repairs: Repair[] = [];
  const problems: string[] = [];
  for (const app of part.declaredApps) {
    for (const key of urlKeysOf(app.settings)) {
      try {
        const repair = await repairOf({ ...app, stack: part.stack, place }, key);
        if (repair !== undefined) repairs.push(repair);
      } catch (thrown) {
        if (!(thrown instanceof MistakeError)) throw thrown;
        problems.push(`${app.names.schema}: ${thrown.message}`);
      }
    }
  }
  for (const { names, settings } of part.visitors) {
    if (!canLogIn({ names, settings })) continue;
    try {
      const args = await visitorConnection("repair", names, part.stack, place);
      const isRefused = await connect(args).then(
        ({ client }) => client.end().then(() => false),
        (thrown: unknown) => {
          if (thrown instanceof WrongPassword) return true;
          if (thrown instanceof NoConnectionLeft) return false;
          throw thrown;
        },
      );
      if (isRefused) repairs.push(await passwordRepair(args.user, args.password));
    } catch (thrown) {
      if (!(thrown instanceof MistakeError)) throw thrown;
      problems.push(`${names.login}: ${thrown.message}`);
    }
  }
  return { repairs, problems };
}

/** What sets the password that a secret has, where the server refuses it. */
async function repairOf(app: AppOfStack & AppDeployment, key: UrlKey): Promise<Repair | undefined> {
  const { settings, isAdopted } = app;
  const args = await appConnection("repair", app, await readAppSecret(app, key));
  const { user, password } = args;
  try {
    await (await connect(args)).client.end();
    return undefined;
  } catch (thrown) {
    // Migrations are at work with all of their few connections, and the server has taken their password.
    if (thrown instanceof NoConnectionLeft && key === "DIRECT_URL") return undefined;
    if (!(thrown instanceof WrongPassword)) throw thrown;
    const credential = { number: settings.credential, isMigrator: key === "DIRECT_URL" };
    if (isTakenOver(credential, { ...settings, isAdopted })) {
      // Whoever changed it, the running app may know the new one, and the secret has the old one.
      throw new MistakeError(
        `${thrown.message}. It existed before and keeps its password: put the present one into adoptedLogins`,
      );
    }
    return passwordRepair(user, password);
  }
}

/** Sets a password by its verifier, which is not shown. */
async function passwordRepair(user: string, password: string): Promise<Repair> {
  const alter = `ALTER ROLE ${quoted(user)} PASSWORD`;
  return { sql: `${alter} ${escapeLiteral(await scramVerifier(user, password))}`, hidden: `${alter} '…'` };
}
