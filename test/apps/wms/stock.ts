import { prisma } from "./client";

/** Puts a quantity into a bin and writes the movement down, both or neither. */
export async function stockUp(sku: string, bin: string, quantity: number): Promise<void> {
  await prisma.$transaction(async (tx) => {
    const product = await tx.product.findUniqueOrThrow({ where: { sku } });
    const { id: binId } = await tx.bin.findUniqueOrThrow({ where: { code: bin } });
    await tx.stock.upsert({
      where: { binId_productId: { binId, productId: product.id } },
      create: { binId, productId: product.id, quantity },
      update: { quantity: { increment: quantity } },
    });
    await tx.stockMovement.create({
      data: { productId: product.id, toBinId: binId, quantity, reason: "RECEIPT" },
    });
  });
}
