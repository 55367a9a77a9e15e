import type { Client } from "pg";
import { interruptible } from "../../cli/interruption";
import { DATABASE, DATABASE_OWNER } from "../../infra/names";
import { openAdminSession } from "../app/admin-session";
import type { Session } from "../app/connection";
import { sessionUnderWay } from "../app/fate";
import type { Place } from "../app/place";
import type { Declared } from "./declared";

/**
 * Logs in as the instance's master user, and runs work in the project's database. Before the first deploy there is no
 * secret: the password comes from PGPASSWORD then. After it the database is closed to the master, too, which makes itself
 * a member of its owner for as long as the work takes.
 * @throws {MistakeError} when nobody answers or the password is wrong
 */
export async function withAdoptSession<T>(
  place: Place,
  declared: Declared,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const password = process.env.PGPASSWORD;
  const given =
    password === undefined || password === "" ? undefined : { username: declared.master, password };
  const there = { ...place, adminEndpoint: place.adminEndpoint ?? declared.endpoint };
  const open = (database?: string): Promise<Session> =>
    openAdminSession("adopt", there, "master", {
      instead: `give the password of ${declared.master} in PGPASSWORD`,
      ...(database === undefined ? {} : { database }),
      ...(given === undefined ? {} : { given }),
    });
  let outside: Session | undefined;
  let inside: Session | undefined;
  const takeBack = () =>
    outside?.client.query(`REVOKE ${DATABASE_OWNER} FROM CURRENT_USER GRANTED BY CURRENT_USER`);
  const underWay = sessionUnderWay(() => inside?.client);
  const settle = async () => {
    await underWay.settle?.();
    // Whether it was lent already or not; where the owner's role is not there, there is nothing to take back.
    await takeBack()?.catch(() => {});
  };
  return interruptible({ ...underWay, settle }, async () => {
    outside = await open();
    try {
      const isLent = await letIn(outside.client);
      try {
        inside = await open(DATABASE);
        try {
          return await work(inside);
        } finally {
          await inside.client.end().catch(() => {});
        }
      } finally {
        if (isLent) await takeBack();
      }
    } finally {
      await outside.client.end().catch(() => {});
    }
  });
}

/** Makes the master a member of the database's owner, where that is there; one that was killed may have left it so. */
async function letIn(client: Client): Promise<boolean> {
  const { rowCount } = await client.query("SELECT FROM pg_roles WHERE rolname = $1", [DATABASE_OWNER]);
  if (rowCount === 0) return false;
  await client.query(`GRANT ${DATABASE_OWNER} TO CURRENT_USER WITH INHERIT TRUE, SET TRUE`);
  return true;
}
