import { escapeLiteral } from "pg";
import { quoted } from "../../access/undeclared/finding";
import { isTakenOver } from "../../infra/app/access";
import { MistakeError } from "../../infra/mistake";
import { scramVerifier } from "../../infra/scram-verifier";
import { connect, WrongPassword } from "../app/connection";
import type { Place } from "../app/place";
import type { StackPart } from "../app/server-part";
import { appConnection } from "../app/session";
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
  for (const { app, environment, names, settings, isAdopted } of part.declaredApps) {
    try {
      const args = await appConnection("repair", { app, environment, names, stack: part.stack, place });
      const { user, password } = args;
      try {
        await (await connect(args)).client.end();
      } catch (thrown) {
        if (!(thrown instanceof WrongPassword)) throw thrown;
        if (isTakenOver({ number: settings.credential, isMigrator: false }, { ...settings, isAdopted })) {
          // Whoever changed it, the running app may know the new one, and the secret has the old one.
          throw new MistakeError(
            `${thrown.message}. It existed before and keeps its password: put the present one into adoptedLogins`,
          );
        }
        const alter = `ALTER ROLE ${quoted(user)} PASSWORD`;
        const sql = `${alter} ${escapeLiteral(await scramVerifier(user, password))}`;
        repairs.push({ sql, hidden: `${alter} '…'` });
      }
    } catch (thrown) {
      if (!(thrown instanceof MistakeError)) throw thrown;
      problems.push(`${names.schema}: ${thrown.message}`);
    }
  }
  return { repairs, problems };
}
