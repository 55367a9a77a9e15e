-- CreateEnum
CREATE TYPE "ScenarioKind" AS ENUM ('BASE', 'OPTIMISTIC', 'PESSIMISTIC');

-- CreateTable
CREATE TABLE "Product" (
    "id" SERIAL NOT NULL,
    "sku" TEXT NOT NULL,
    "leadWeeks" INTEGER NOT NULL DEFAULT 8,

    CONSTRAINT "Product_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Scenario" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "kind" "ScenarioKind" NOT NULL DEFAULT 'BASE',

    CONSTRAINT "Scenario_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Forecast" (
    "scenarioId" INTEGER NOT NULL,
    "productId" INTEGER NOT NULL,
    "week" DATE NOT NULL,
    "units" INTEGER NOT NULL,

    CONSTRAINT "Forecast_pkey" PRIMARY KEY ("scenarioId","productId","week")
);

-- CreateIndex
CREATE UNIQUE INDEX "Product_sku_key" ON "Product"("sku");

-- CreateIndex
CREATE UNIQUE INDEX "Scenario_name_key" ON "Scenario"("name");

-- AddForeignKey
ALTER TABLE "Forecast" ADD CONSTRAINT "Forecast_scenarioId_fkey" FOREIGN KEY ("scenarioId") REFERENCES "Scenario"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Forecast" ADD CONSTRAINT "Forecast_productId_fkey" FOREIGN KEY ("productId") REFERENCES "Product"("id") ON DELETE CASCADE ON UPDATE CASCADE;
