import { prisma } from "./client";

/** A user with an account and a session, in an organisation that she administers. Twice is as good as once. */
export async function main(): Promise<string> {
  const email = "ada@example.com";
  const organization = await prisma.organization.upsert({
    where: { slug: "acme" },
    create: { name: "Acme", slug: "acme", settings: { locale: "en", seats: 5 } },
    update: {},
  });
  await prisma.user.upsert({
    where: { email },
    create: {
      email,
      name: "Ada",
      accounts: { create: { type: "oauth", provider: "google", providerAccountId: "1001", expires_at: 1 } },
      sessions: { create: { sessionToken: "token-1", expires: new Date("2030-01-01T00:00:00Z") } },
      memberships: { create: { organizationId: organization.id, role: "ADMIN" } },
    },
    update: {},
  });
  return "seeded";
}
