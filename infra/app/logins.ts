import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random";
import { declare } from "../declare";
import { type AppNames, CONNECT_ROLE } from "../names";
import { type Credential, credentialsOf } from "./credentials";

/** 62 signs to the power of 32: about 190 bits. No specials: a backslash breaks the provider's login. */
export const PASSWORD_LENGTH = 32;

/** The roles that an app logs in as. */
export interface AppLoginsArgs {
  /** Names of the app in its environment. */
  names: AppNames;
  /** Number of the current credential; another number makes another password. */
  credential: number;
  /** Connections that each login may hold at once. */
  connectionLimit: number;
  /** Present password of the first login, which exists already: it is imported, and keeps it as credential 1. */
  adoptedPassword?: string | undefined;
}

/** The logins of an app, and what its URL is made of. */
export interface AppLogins {
  readonly roles: postgresql.Role[];
  /** Role of the current credential. */
  readonly username: string;
  /** Its password, a secret output. */
  readonly password: pulumi.Output<string>;
}

/** The present password of an adopted login in its first credential, otherwise a generated one. */
function declarePassword(
  name: string,
  { number, suffix }: Credential,
  adoptedPassword: string | undefined,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  if (adoptedPassword !== undefined && number === 1) return pulumi.secret(adoptedPassword);
  return declare(
    RandomPassword,
    `${name}-password${suffix}`,
    { length: PASSWORD_LENGTH, special: false, keepers: { credential: String(number) } },
    // Not protected: rotation replaces it, and a protected resource cannot be replaced.
    { ...opts, protect: false },
  ).result;
}

/**
 * The logins and their passwords, one after the other. Everything that a login creates belongs to the owner
 * (`assumeRole`), whichever made it. Memberships stand in `roles`: a role update revokes every other one.
 * @param opts `dependsOn` is what must stand before a login and go after it
 */
export function declareLogins(
  name: string,
  args: AppLoginsArgs,
  opts: pulumi.CustomResourceOptions & { dependsOn: pulumi.Resource[] },
): AppLogins {
  const { names } = args;
  const roles: postgresql.Role[] = [];
  const passwords = credentialsOf(names, args.credential).map((credential) => {
    const after = { ...opts, dependsOn: [...opts.dependsOn, ...roles] };
    const password = declarePassword(name, credential, args.adoptedPassword, after);
    const imported = args.adoptedPassword !== undefined && credential.login === names.login;
    roles.push(
      declare(
        postgresql.Role,
        `${name}-login${credential.suffix}`,
        {
          name: credential.login,
          login: true,
          password,
          roles: [names.owner, CONNECT_ROLE],
          assumeRole: names.owner,
          searchPaths: [names.schema],
          connectionLimit: args.connectionLimit,
        },
        { ...after, ...(imported ? { import: names.login } : {}) },
      ),
    );
    return { number: credential.number, username: credential.login, password };
  });
  const current = passwords.find(({ number }) => number === args.credential);
  if (current === undefined) throw new Error(`credential ${args.credential} of ${names.schema} has no login`);
  return { roles, username: current.username, password: current.password };
}
