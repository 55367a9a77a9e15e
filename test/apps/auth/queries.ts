import { prisma } from "./client";

/** What NextAuth and the directory ask. */
export async function main() {
  const user = await prisma.user.findUnique({
    where: { email: "ada@example.com" },
    select: { name: true, memberships: { select: { role: true, organization: { select: { name: true } } } } },
  });
  const session = await prisma.session.findUnique({
    where: { sessionToken: "token-1" },
    select: { expires: true, user: { select: { email: true } } },
  });
  const account = await prisma.account.findUnique({
    where: { provider_providerAccountId: { provider: "google", providerAccountId: "1001" } },
    select: { type: true },
  });
  const large = await prisma.organization.count({ where: { settings: { path: ["seats"], gte: 5 } } });
  return { user, session, account, large };
}
