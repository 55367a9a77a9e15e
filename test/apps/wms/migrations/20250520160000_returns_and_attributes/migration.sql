-- AlterEnum
ALTER TYPE "MovementReason" ADD VALUE 'RETURN';

-- AlterTable
ALTER TABLE "Product" ADD COLUMN     "attributes" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "weightKg" DECIMAL(9,3);
