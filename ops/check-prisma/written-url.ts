import { isLoopback } from "../../infra/config/endpoint";
import { DATABASE } from "../../infra/names";
import { type LineFinding, UNWRITTEN } from "./finding";

/** A URL with a user and a password: then the host, and the database where it is said. */
export const URL_WITH_PASSWORD =
  /postgres(?:ql)?(?:\+\w+)?:\/\/([^:/@\s]*):([^\s"'`]+)@(\[[^\]]+\]|[^@\s/?#:]+)(?::[^/\s]*)?(?:\/([^?\s]*))?/i;
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
const PLACEHOLDER = /^(your)?[-_]?(password|passwd|pass|pwd|pw|secret|change-?me|test|postgres|x+|\.+)$/i;

/** A URL whose user and password are among its parameters, as JDBC has them. */
const PASSWORD_BEHIND = /postgres(?:ql)?:\/\/(\[[^\]]+\]|[^@\s/?#:"'`]+)(?::\d*)?\/([^?\s"'`]*)\?(\S*)/i;

interface FoundUrl {
  readonly username: string;
  readonly password: string;
  readonly host: string;
  readonly database: string | undefined;
}

/** The URLs with a password in a line; a greedy one may hold several, so that each beginning is looked at. */
function urlsIn(line: string): FoundUrl[] {
  const starts = [...line.matchAll(/postgres(ql)?(\+\w+)?:\/\//gi)].map(({ index }) => index);
  return starts.flatMap((start, at) => {
    const text = line.slice(start, starts[at + 1]);
    const [, username = "", password = "", host = "", database] = URL_WITH_PASSWORD.exec(text) ?? [];
    if (password !== "") return [{ username, password, host, database }];
    const [, server = "", name, query = ""] = PASSWORD_BEHIND.exec(text) ?? [];
    const parameters = new URLSearchParams(query.replace(/["'`<].*$/, ""));
    const behind = { username: parameters.get("user") ?? "", password: parameters.get("password") ?? "" };
    return server === "" ? [] : [{ ...behind, host: server, database: name }];
  });
}

/** Lines of a text that is no code with a URL of ours and its password in it. */
export function writtenUrls(text: string): LineFinding[] {
  return text.split("\n").flatMap((content, index) => {
    const isOne = urlsIn(content).some(({ username, password, host, database }) => {
      const isOurs =
        database === DATABASE || /^portal_/.test(username) || /\.rds\.amazonaws\.com$/.test(host);
      return isWritten(password) && isOurs && !isNear(host);
    });
    return isOne ? [{ line: index + 1, message: WRITTEN_OUT }] : [];
  });
}

/** Whether a password is one, rather than what stands for it. */
export const isWritten = (password: string): boolean =>
  password !== "" &&
  !password.includes(UNWRITTEN) &&
  !/[$<{*…]/.test(password) &&
  !PLACEHOLDER.test(password);

/** Whether a server is one that somebody else can reach, or ours by its database or its login. */
export function isSomewhere(host: string, database: string | undefined, username: string): boolean {
  if (database === DATABASE || /^portal_/.test(username)) return true;
  return !isNear(host) && !RESERVED.test(host);
}
