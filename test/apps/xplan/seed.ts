import { prisma } from "./client";

/** Two scenarios of one product, and a plan. Twice is as good as once. */
export async function main(): Promise<string> {
  if ((await prisma.product.count()) > 0) return "seeded before";
  const { id: productId } = await prisma.product.create({ data: { sku: "TARP-10", leadWeeks: 6 } });
  for (const [name, kind, units] of [
    ["Base 2025", "BASE", 100],
    ["High 2025", "OPTIMISTIC", 180],
  ] as const) {
    await prisma.scenario.create({
      data: {
        name,
        kind,
        options: { growth: units / 100 },
        forecasts: {
          create: [1, 8].map((day) => ({ productId, week: new Date(Date.UTC(2025, 8, day)), units })),
        },
        plans: {
          create: {
            productId,
            orderBy: new Date("2025-07-21"),
            units: units * 2,
            cost: "625.50",
            margin: "0.3125",
          },
        },
      },
    });
  }
  return "seeded";
}
