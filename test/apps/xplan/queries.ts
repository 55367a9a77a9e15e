import { prisma } from "./client";

/** Demand by scenario, and what must be ordered next. */
export async function main() {
  const demand = await prisma.forecast.groupBy({
    by: ["scenarioId"],
    _sum: { units: true },
    orderBy: { scenarioId: "asc" },
  });
  const next = await prisma.plan.findMany({
    where: { orderBy: { lte: new Date("2025-08-01") }, scenario: { kind: "OPTIMISTIC" } },
    select: { orderBy: true, units: true, cost: true, margin: true, product: { select: { sku: true } } },
  });
  return { demand: demand.map(({ _sum }) => _sum.units), next };
}
