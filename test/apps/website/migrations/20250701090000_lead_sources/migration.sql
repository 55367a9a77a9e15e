-- AlterTable
ALTER TABLE "Lead" ADD COLUMN     "sources" TEXT[];
