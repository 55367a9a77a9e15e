import { deploymentCases } from "./deployment.cases";
import { migratorCases } from "./migrator.cases";
import { prismaCases } from "./prisma.cases";
import { Stand } from "./stand";

jest.setTimeout(300_000);

let stand: Stand | undefined;
const get = (): Stand => {
  if (stand === undefined) throw new Error("there is no platform");
  return stand;
};

beforeAll(async () => {
  stand = await Stand.make();
});

afterAll(() => stand?.platform.remove());

// In this order: the deployments take the packages of Prisma 7, and its rows are there.
describe("Prisma 7", () => prismaCases(get, "prisma-7", "dev"));
describe("Prisma 6", () => prismaCases(get, "prisma-6", "ci"));
describe("deployments", () => deploymentCases(get));
// Takes the right to change tables from the app.
describe("a login for migrations", () => migratorCases(get));
