-- CreateTable
CREATE TABLE "Plan" (
    "id" SERIAL NOT NULL,
    "scenarioId" INTEGER NOT NULL,
    "productId" INTEGER NOT NULL,
    "orderBy" DATE NOT NULL,
    "units" INTEGER NOT NULL,
    "cost" DECIMAL(14,2) NOT NULL,

    CONSTRAINT "Plan_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "Plan_orderBy_idx" ON "Plan"("orderBy");

-- AddForeignKey
ALTER TABLE "Plan" ADD CONSTRAINT "Plan_scenarioId_fkey" FOREIGN KEY ("scenarioId") REFERENCES "Scenario"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Plan" ADD CONSTRAINT "Plan_productId_fkey" FOREIGN KEY ("productId") REFERENCES "Product"("id") ON DELETE CASCADE ON UPDATE CASCADE;
