import { prisma } from "./client";

/** A transaction that reads, writes and is forgotten; what the app is told of it, and that it works on. */
export async function main() {
  const forgotten = prisma.$transaction(
    async (one) => {
      await one.product.count();
      await one.product.create({ data: { sku: "FORGOTTEN", leadWeeks: 1 } });
      const [session] = await one.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
      const isThere = async () =>
        (await prisma.$queryRaw<unknown[]>`SELECT FROM pg_stat_activity WHERE pid = ${session?.pid}`).length >
        0;
      // Another connection of the same pool waits for the end of this one.
      while (await isThere());
      await one.product.count();
    },
    { timeout: 600_000 },
  );
  const told = await forgotten.then(
    () => "nothing",
    ({ message }: Error) => message,
  );
  return { told, kept: await prisma.product.count({ where: { sku: "FORGOTTEN" } }) };
}
