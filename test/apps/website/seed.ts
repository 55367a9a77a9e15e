import { prisma } from "./client";

/** A tree of two pages with tags, and a lead. Twice is as good as once. */
export async function main(): Promise<string> {
  if ((await prisma.page.count()) > 0) return "seeded before";
  await prisma.page.create({
    data: {
      path: "/",
      title: "Home",
      blocks: [{ kind: "hero", text: "Tarps" }],
      published: true,
      tags: { create: [{ name: "start" }] },
      children: {
        create: [
          { path: "/faq", title: "FAQ", blocks: [], published: true, tags: { create: [{ name: "help" }] } },
        ],
      },
    },
  });
  await prisma.lead.create({
    data: { email: "visitor@example.com", message: "Hello", sources: ["newsletter", "fair"] },
  });
  return "seeded";
}
