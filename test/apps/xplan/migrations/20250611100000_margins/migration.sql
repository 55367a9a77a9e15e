-- AlterTable
ALTER TABLE "Scenario" ADD COLUMN     "options" JSONB NOT NULL DEFAULT '{}';

-- AlterTable
ALTER TABLE "Plan" ADD COLUMN     "margin" DECIMAL(5,4);
