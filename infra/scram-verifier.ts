import { createHash, createHmac, pbkdf2 } from "node:crypto";
import { promisify } from "node:util";

/** Postgres's own number of rounds (`scram_iterations`). */
const ITERATIONS = 4096;
const SALT_BYTES = 16;
const KEY_BYTES = 32;

const derive = promisify(pbkdf2);

/**
 * What Postgres stores of a password, so that the password itself never reaches the server or its log.
 *
 * The salt is the same each time: another one would be a change in every preview. It is drawn from the role and the
 * password by as many rounds as the key, so that guessing by it is no cheaper than by the verifier itself.
 * @see https://www.postgresql.org/docs/17/catalog-pg-authid.html
 * @see https://www.rfc-editor.org/rfc/rfc5803
 */
export async function scramVerifier(role: string, password: string): Promise<string> {
  const secret = prepared(password);
  const salt = await derive(secret, `portal-db ${role}`, ITERATIONS, SALT_BYTES, "sha256");
  const salted = await derive(secret, salt, ITERATIONS, KEY_BYTES, "sha256");
  const mac = (text: string) => createHmac("sha256", salted).update(text).digest();
  const stored = createHash("sha256").update(mac("Client Key")).digest("base64");
  const server = mac("Server Key").toString("base64");
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString("base64")}$${stored}:${server}`;
}

/**
 * The password as client and server both hash it: only one that a person chose can have such signs.
 * @see https://www.rfc-editor.org/rfc/rfc4013
 */
function prepared(password: string): string {
  return password
    .replace(/[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/gu, " ")
    .replace(/\u00ad|\u034f|\u1806|[\u180b-\u180d]|\u200c|\u200d|\u2060|[\ufe00-\ufe0f]|\ufeff/gu, "")
    .normalize("NFKC");
}
