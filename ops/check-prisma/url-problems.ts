import { isLoopback } from "../../infra/config/endpoint";
import { DATABASE, PROD } from "../../infra/names";
import type { DeclaredSchema } from "../app/declared-schemas";
import { schemaNamed, schemaProblem, UNWRITTEN } from "./finding";
import { swappedProblem } from "./migrator-rules";
import { isNear, isSomewhere } from "./written-url";

/** Whether a value is meant to be a URL of Postgres. */
export const isPostgresUrl = (value: string): boolean => /^postgres(ql)?:\/\//i.test(value);

const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, "");
const isUnsaid = (part: string): boolean => part.includes(UNWRITTEN);

/** A value of an .env file whose `${…}` another variable fills: {@link UNWRITTEN} stands there, and a port is left out. */
export function withoutVariables(value: string): string {
  const variable = "\\$(?:\\{[^}]*\\}|[A-Z_][A-Z0-9_]*)";
  return value
    .replace(new RegExp(`(@[^/?#]*):${variable}(?=[/?]|$)`), "$1")
    .replace(new RegExp(variable, "g"), UNWRITTEN);
}

function decodes(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/** A host and the database after what was taken for parameters. */
const CUT = new RegExp(`^\\?[^&=]*@|@[^@]*/${DATABASE}(\\?|$)`);

/**
 * A URL as the programs read it; undefined where a special sign in its password makes another one of it: `/`, `?` and
 * `#` end the part before the host, and what follows is taken for a database.
 */
export function readableUrl(value: string): URL | undefined {
  if (!URL.canParse(value)) return undefined;
  const url = new URL(value);
  const [authority = ""] = value.replace(/^[a-z]+:\/\//i, "").split(/[/?#]/);
  const beyond = value.slice(value.indexOf(authority) + authority.length);
  const isCut = authority.split("@").length > 2 || /^[^?]*@|#.*@/.test(beyond) || CUT.test(beyond);
  return isCut || !decodes(url.password) ? undefined : url;
}

/** Why no program may turn Node's own verification off. */
export const NODE_UNVERIFIED =
  "NODE_TLS_REJECT_UNAUTHORIZED=0 gives the password to whoever answers in a server's place, AWS's too: " +
  "name the CA bundle in NODE_EXTRA_CA_CERTS";

/** Modes that let a connection be without TLS, or whose server nobody verifies. */
const UNENCRYPTED = ["disable", "allow", "prefer"];
const ENCRYPTED = ["require", "verify-ca", "verify-full", "no-verify"];

/** What is wrong with a text that turns TLS off, or the server's verification. */
export function tlsProblem(parameters: URLSearchParams, required: string | undefined): string | undefined {
  // Of two, the programs take the last.
  const last = (name: string): string | undefined => parameters.getAll(name).at(-1);
  const mode = last("sslmode") ?? "";
  if (UNENCRYPTED.includes(mode))
    return `sslmode=${mode}: the instance refuses what is not encrypted: say sslmode=verify-full`;
  // Anything but a word may be more than a mode.
  if (/^[a-z]+(-[a-z]+)?$/i.test(mode) && !ENCRYPTED.includes(mode))
    return `sslmode=${mode} is no mode, and each program makes another of it: say sslmode=verify-full`;
  const ssl = last("ssl");
  if (ssl === "0" || ssl === "false")
    return `ssl=${ssl}: the instance refuses what is not encrypted: say sslmode=verify-full`;
  if (required !== "verify-full") return undefined;
  const isCompatible = last("uselibpqcompat") === "true";
  const unverified =
    mode === "no-verify"
      ? "sslmode=no-verify"
      : mode === "require" && isCompatible
        ? "sslmode=require&uselibpqcompat=true"
        : last("sslaccept") === "accept_invalid_certs"
          ? "sslaccept=accept_invalid_certs"
          : undefined;
  return (
    unverified &&
    `${unverified} gives the password to whoever answers in the server's place: say sslmode=verify-full`
  );
}

/** What of a URL leads elsewhere than it says; undefined when nothing does. */
export function outrankingProblem(parameters: URLSearchParams): string | undefined {
  // A host that is a path is a socket of this machine.
  const name = ["user", "password", "host", "port"].find((one) => /^[^/]/.test(parameters.get(one) ?? ""));
  return name && `?${name}= outranks what stands before it: node-postgres takes it: take it out`;
}

/** All `options` of a URL: of several, each program takes another one. */
export const optionsIn = (parameters: URLSearchParams): string => parameters.getAll("options").join(" ");

/** What is wrong with the `options` of a connection; undefined when nothing is. */
export function optionsProblem(options: string, schema: string | null): string | undefined {
  const settings = options.matchAll(
    /(?:^|\s)(?:-c\s*|--)(search[_-]path|role|session[_-]authorization)\s*=\s*(\S*)/gi,
  );
  const named = [...settings].map(([, name = "", value]) => ({
    name: name.toLowerCase().replace("-", "_"),
    value,
  }));
  // The same as what the login has anyway.
  const name = named.find((one) => one.name !== "search_path" || one.value !== schema)?.name;
  if (name === undefined) return undefined;
  const why = name === "search_path" ? "the login's is its own schema alone" : "the login acts as its owner";
  return `options=-c ${name}: ${why}: take it out`;
}

/** More connections than a login may hold. */
export function limitProblem(
  words: string,
  count: number,
  { names, connectionLimit }: DeclaredSchema,
): string | undefined {
  if (connectionLimit === undefined || !(count > connectionLimit)) return undefined;
  return (
    `${words} is more than the ${connectionLimit} connections that ${names.login} may hold, all processes together: Postgres ` +
    "refuses the rest (53300): lower it, or raise the app's connectionLimit"
  );
}

/** Where a URL stands. */
export interface UrlPlace {
  readonly app: string;
  readonly declared: readonly DeclaredSchema[];
  /** Which environments' URLs may stand there; undefined where any may. */
  readonly fits: ((environment: string) => boolean) | undefined;
  /** Whether Prisma takes the variable for its shadow database. */
  readonly isShadow: boolean;
}

/** Variables that Prisma reads a URL of the database from, beside DATABASE_URL. */
const FURTHER = /^(DIRECT|PRISMA)_/;

/** What is wrong with a URL in a variable; the URL itself is never repeated. */
export function urlProblems(variable: string, url: URL, place: UrlPlace): string[] {
  const { app, declared, fits } = place;
  const database = url.pathname.slice(1);
  const host = hostOf(url);
  const { searchParams: parameters } = url;
  const isProds = fits?.(PROD) === true;
  const schema = parameters.get("schema");
  const isShadow = place.isShadow || /SHADOW/i.test(variable);
  if (isUnsaid(database) || (isUnsaid(host) && database === "")) return [];
  if (database !== DATABASE) {
    // A database of one's own, such as Prisma's shadow database.
    if (isShadow || (variable !== "DATABASE_URL" && !FURTHER.test(variable))) return [];
    const isOurs = schema !== null && schemaNamed(declared, schema) !== undefined;
    const isLogin = declared.some(({ names }) => [names.login, names.secondLogin].includes(url.username));
    return isSomewhere(host, undefined, url.username) || isOurs || isLogin || isProds
      ? [`${variable} leads to another database than ${DATABASE}`]
      : [];
  }
  if (isShadow)
    return [`${variable} leads to ${DATABASE}: Prisma empties it, so take a local database of your own`];
  const problems: string[] = [];
  if (variable !== "DATABASE_URL" && !FURTHER.test(variable)) {
    problems.push(`${variable}: the programs read DATABASE_URL`);
  }
  const options = optionsProblem(optionsIn(parameters), schema);
  const found = schema === null ? undefined : schemaNamed(declared, schema);
  const mayBeNear = !isProds && found?.environment !== PROD;
  const isHere = isLoopback(host) || (mayBeNear && (isUnsaid(host) || isNear(host)));
  const required = found?.sslmode ?? (isProds ? "verify-full" : undefined);
  const tls = isHere ? undefined : tlsProblem(parameters, required);
  const connection = [outrankingProblem(parameters), options, tls].flatMap((one) =>
    one === undefined ? [] : [`${variable}: ${one}`],
  );
  const isMore = isUnsaid([...parameters.keys()].join());
  if (isUnsaid(schema ?? "") || (schema === null && isMore)) return [...problems, ...connection];
  if (schema === null)
    return [...problems, `${variable} has no ?schema=: Prisma would use public`, ...connection];
  const problem = schemaProblem(declared, app, schema);
  if (problem !== undefined) return [...problems, `${variable}: ${problem}`, ...connection];
  if (found !== undefined) {
    const { names, environment } = found;
    if (fits !== undefined && !fits(environment))
      problems.push(`${variable} is ${environment}'s: not in this file`);
    // The user is not repeated: with the colon encoded, the password is part of it.
    const swapped = found.hasMigrator === true ? swappedProblem(variable, url.username, names) : undefined;
    const isLogin = [names.login, names.secondLogin].includes(url.username);
    if (isUnsaid(url.username)) {
      // Another variable says it.
    } else if (swapped !== undefined) problems.push(swapped);
    else if (!isLogin && !(found.hasMigrator === true && variable === "DIRECT_URL")) {
      problems.push(`${variable}'s user is not a login of ${schema}: it is ${names.login}`);
    }
    const count = parameters.get("connection_limit") ?? "";
    const limit = limitProblem(`connection_limit=${count}`, Number(count), found);
    if (/^\d+$/.test(count) && limit !== undefined) connection.push(`${variable}: ${limit}`);
  }
  if (!parameters.has("sslmode") && !isMore && !isHere) {
    problems.push(`${variable} has no sslmode: the instance refuses what is not encrypted`);
  }
  return [...problems, ...connection];
}
