import "./env";
import { defineConfig } from "prisma/config";

export default defineConfig({
  schema: "schema.prisma",
  migrations: { path: "migrations" },
  datasource: {
    // DIRECT_URL is there where migrations have a login of their own (migrator: true), and the program never reads it. Not
    // env("DATABASE_URL"), which fails where there is none: `prisma generate` needs none in an image's build.
    url: process.env.DIRECT_URL ?? process.env.DATABASE_URL,
    // For `prisma migrate dev` alone.
    shadowDatabaseUrl: process.env.SHADOW_DATABASE_URL,
  },
});
