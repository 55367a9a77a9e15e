import "./env";
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "./generated/client";

const connectionString = process.env.DATABASE_URL;
if (connectionString === undefined) throw new Error("DATABASE_URL is not set: README.md says what sets it");

// The adapter takes no notice of ?schema= in the URL: without { schema } the client would look in "public".
const schema = new URL(connectionString).searchParams.get("schema") ?? undefined;

// All processes of the app together, old and new ones during a deploy, stay under its connectionLimit.
const adapter = new PrismaPg({ connectionString, max: 4 }, { schema });

export const prisma = new PrismaClient({ adapter });
