import { defineConfig, env } from "prisma/config";

export default defineConfig({
  schema: "schema.prisma",
  migrations: { path: "migrations" },
  datasource: {
    url: env("DATABASE_URL"),
    // For `prisma migrate dev` alone: a local server of your own, with the ?schema= of DATABASE_URL.
    shadowDatabaseUrl: process.env.SHADOW_DATABASE_URL,
  },
});
