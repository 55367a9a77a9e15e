import { prisma } from "./client";
import { stockUp } from "./stock";

/** A warehouse, a purchase that came in and an order that went out. Twice is as good as once. */
export async function main(): Promise<string> {
  if ((await prisma.warehouse.count()) > 0) return "seeded before";
  const warehouse = await prisma.warehouse.create({
    data: {
      code: "LAX-1",
      name: "Los Angeles",
      address: { city: "Los Angeles", country: "US" },
      zones: { create: { name: "A", bins: { create: [{ code: "A-01" }, { code: "A-02" }] } } },
    },
  });
  const product = await prisma.product.create({
    data: {
      sku: "TARP-10",
      name: "Tarpaulin 10×12",
      unit: "BOX",
      price: "1234567890.12",
      weightKg: "1.250",
      attributes: { colour: "blue", sizes: [10, 12] },
      barcodes: { create: [{ value: "0123456789012" }] },
    },
  });
  await prisma.purchaseOrder.create({
    data: {
      status: "RECEIVED",
      expectedOn: new Date("2025-03-01"),
      supplier: { create: { name: "Weavers" } },
      warehouse: { connect: { id: warehouse.id } },
      lines: { create: { productId: product.id, quantity: 40, unitCost: "3.1250" } },
    },
  });
  await stockUp(product.sku, "A-01", 40);
  await prisma.salesOrder.create({
    data: {
      number: "SO-1",
      status: "SHIPPED",
      customer: { create: { email: "buyer@example.com", name: "Buyer" } },
      lines: { create: { productId: product.id, quantity: 3, unitPrice: "9.90" } },
      shipments: { create: { carrier: "UPS", label: Uint8Array.from([1, 2, 255]) } },
    },
  });
  return "seeded";
}
