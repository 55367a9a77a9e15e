import { isLoopback } from "../../infra/config/endpoint";
import { DATABASE } from "../../infra/names";
import { type LineFinding, UNWRITTEN } from "./finding";

/** A URL with a user and a password: then the host, and the database where it is said. */
export const URL_WITH_PASSWORD =
  /postgres(?:ql)?(?:\+\w+)?:\/\/([^:/@\s]*):(\S+)@(\[[^\]]+\]|[^@\s/?#:]+)(?::[^/\s]*)?(?:\/([^?\s]*))?/i;
const RESERVED = /(^|\.)(example|test|invalid|localhost|local|example\.(com|org|net))$/i;

/** Whether a host is this machine or a container beside the app, such as "db": nobody else reaches it. */
export function isNear(host: string): boolean {
  const name = host.replace(/^\[|\]$/g, "");
  return isLoopback(name) || !/[.:]/.test(name) || /^host\.docker\.internal$/i.test(name);
}
/** What is said of one in a file that goes into the repository. */
export const WRITTEN_OUT =
  "a URL with its password is written out: whoever reads the repository has it: take it from DATABASE_URL";

/** A word that stands for a password in what people read. */
const PLACEHOLDER = /^(your)?[-_]?(password|passwd|pass|pwd|pw|secret|change-?me|x+|\.+)$/i;

/** Lines of a text that is no code with a URL of ours and its password in it. */
export function writtenUrls(text: string): LineFinding[] {
  return text.split("\n").flatMap((content, index) => {
    const [, username = "", password = "", host = "", database] = URL_WITH_PASSWORD.exec(content) ?? [];
    const isReal = isWritten(password) && !PLACEHOLDER.test(password);
    const isOurs = database === DATABASE || /^portal_/.test(username) || /\.rds\.amazonaws\.com$/.test(host);
    return isReal && isOurs && !isNear(host) ? [{ line: index + 1, message: WRITTEN_OUT }] : [];
  });
}

/** Whether a password is one, rather than what stands for it. */
export const isWritten = (password: string): boolean =>
  password !== "" && !password.includes(UNWRITTEN) && !/[$<{*…]/.test(password);

/** Whether a server is one that somebody else can reach, or ours by its database or its login. */
export function isSomewhere(host: string, database: string | undefined, username: string): boolean {
  if (database === DATABASE || /^portal_/.test(username)) return true;
  return !isNear(host) && !RESERVED.test(host);
}
