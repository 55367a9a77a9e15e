import { prisma } from "./client";

/** The site's tree, its pages by tag, and leads by source. */
export async function main() {
  const tree = await prisma.page.findMany({
    where: { parentId: null, published: true },
    select: { path: true, blocks: true, children: { select: { path: true } } },
  });
  const help = await prisma.page.findMany({
    where: { tags: { some: { name: "help" } } },
    select: { path: true },
  });
  const leads = await prisma.lead.count({ where: { sources: { has: "fair" } } });
  return { tree, help, leads };
}
