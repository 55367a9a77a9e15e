import { adapterOf } from "../prisma/adapter-factory";
import { PrismaClient } from "./generated/client";

/** The app's client; its process knows `DATABASE_URL` and nothing else. */
export const prisma = new PrismaClient({ adapter: adapterOf(process.env.DATABASE_URL ?? "") });
