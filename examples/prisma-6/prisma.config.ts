import "./env";
import { defineConfig } from "prisma/config";

export default defineConfig({
  schema: "schema.prisma",
  migrations: { path: "migrations" },
  engine: "classic",
  datasource: {
    // Not env("DATABASE_URL"), which fails where there is none: `prisma generate` needs none in an image's build.
    url: process.env.DATABASE_URL ?? "",
    // For `prisma migrate dev` alone.
    shadowDatabaseUrl: process.env.SHADOW_DATABASE_URL,
  },
});
