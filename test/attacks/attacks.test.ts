import { afterwardsCases } from "./afterwards.cases";
import { AttackedPlatform } from "./attacked-platform";
import { devAdminCases } from "./dev-admin.cases";
import { leakedCases } from "./leaked.cases";
import { oneInstanceCases } from "./one-instance.cases";
import { outageCases } from "./outages.cases";
import { ownCodeCases } from "./own-code.cases";
import { ownRightsCases } from "./own-rights.cases";
import { refusedCases } from "./refused.cases";

jest.setTimeout(180_000);

let platform: AttackedPlatform;
const get = (): AttackedPlatform => platform;

beforeAll(async () => {
  platform = await AttackedPlatform.make();
});

afterAll(() => platform?.remove());

// In the life of one platform; only the last deploy anything else.
describe("of its own", () => ownRightsCases(get));
describe("the dev admin", () => devAdminCases(get));
describe("refused to", () => refusedCases(get));
// Repairs what nobody declares, and so takes the person out of the reader.
describe("a hostile dev admin", () => outageCases(get));
describe("one instance", () => oneInstanceCases(get));
describe("a leaked credential", () => leakedCases(get));
describe("an app's own code", () => ownCodeCases(get));
describe("afterwards", () => afterwardsCases(get));
