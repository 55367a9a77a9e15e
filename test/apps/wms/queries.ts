import { prisma } from "./client";

/** What the warehouse asks: by relations, by JSON, by exact decimals, and in SQL without the schema's name. */
export async function main() {
  const product = await prisma.product.findUniqueOrThrow({
    where: { sku: "TARP-10" },
    select: { unit: true, price: true, weightKg: true, attributes: true, barcodes: true },
  });
  const inBins = await prisma.stock.findMany({
    select: { quantity: true, bin: { select: { code: true, zone: { select: { name: true } } } } },
  });
  const blue = await prisma.product.count({ where: { attributes: { path: ["colour"], equals: "blue" } } });
  const [order] = await prisma.salesOrder.findMany({
    where: { status: "SHIPPED", customer: { email: { endsWith: "@example.com" } } },
    select: { number: true, lines: { select: { unitPrice: true } }, shipments: { select: { label: true } } },
  });
  const moved = await prisma.stockMovement.aggregate({ _sum: { quantity: true }, _max: { id: true } });
  const raw = await prisma.$queryRaw<{ schema: string; cost: string }[]>`
    SELECT current_schema() AS schema, sum("unitCost" * quantity)::text AS cost FROM "PurchaseLine"`;
  const shipments = order?.shipments.map(({ label }) => Array.from(label ?? []));
  return {
    product: { ...product, barcodes: product.barcodes.map(({ value }) => value) },
    inBins,
    blue,
    order: { number: order?.number, prices: order?.lines.map(({ unitPrice }) => unitPrice), shipments },
    moved: { quantity: moved._sum.quantity, last: String(moved._max.id) },
    raw,
  };
}
