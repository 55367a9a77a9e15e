import { prisma } from "./db";

// Writes a row and reads it back, as the app: with its login, in its schema.
async function main(): Promise<void> {
  const supplier = { name: "Weavers", email: "orders@weavers.example" };
  await prisma.supplier.upsert({ where: { name: supplier.name }, create: supplier, update: supplier });
  const [place] = await prisma.$queryRaw<{ schema: string }[]>`SELECT current_schema()::text AS schema`;
  const suppliers = await prisma.supplier.findMany();
  for (const { name, email } of suppliers) console.log(`${place?.schema}: ${name} <${email}>`);
}

main().finally(() => prisma.$disconnect());
