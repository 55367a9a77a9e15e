import type { MembershipOptions } from "./declared";

/** A role on the server. */
export interface RoleOnServer {
  readonly name: string;
  readonly superuser: boolean;
  readonly inherit: boolean;
  readonly createRole: boolean;
  readonly createDatabase: boolean;
  readonly login: boolean;
  readonly replication: boolean;
  readonly bypassRowLevelSecurity: boolean;
  readonly connectionLimit: number;
  /** Its end, as a session in UTC shows it; `infinity` for none. */
  readonly validUntil: string;
  /** Whether the end has passed. */
  readonly isOver: boolean;
  readonly memberOf: readonly string[];
}

/** What an attribute is called in SQL, and whether a role has it when its row does not say. */
export const FLAGS = {
  superuser: ["SUPERUSER", false],
  inherit: ["INHERIT", true],
  createRole: ["CREATEROLE", false],
  createDatabase: ["CREATEDB", false],
  login: ["LOGIN", false],
  replication: ["REPLICATION", false],
  bypassRowLevelSecurity: ["BYPASSRLS", false],
} as const;

/** A membership on the server. */
export interface FoundMembership extends MembershipOptions {
  readonly role: string;
  readonly member: string;
  readonly grantor: string;
  /** Whether Postgres gave it to whoever made the role. */
  readonly isOfServer: boolean;
}

/** A membership's options, for people. */
export const optionsText = (options: MembershipOptions): string => {
  const words = (["admin", "inherit", "set"] as const).filter((option) => options[option]);
  return words.length === 0 ? "member" : `member (${words.join(", ")})`;
};
