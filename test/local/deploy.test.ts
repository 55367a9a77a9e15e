import { TestPlatform } from "../helpers/platform";
import { DeployedPlatform } from "./deployed-platform";
import { deployerCases } from "./deployers.cases";
import { destroyCases } from "./destroy.cases";
import { loginCases } from "./login.cases";
import { settingsCases } from "./settings.cases";
import { upCases } from "./up.cases";

jest.setTimeout(180_000);

let platform: TestPlatform;
let deployed: DeployedPlatform;
const get = (): DeployedPlatform => deployed;

beforeAll(async () => {
  platform = await TestPlatform.make();
  deployed = await DeployedPlatform.make(platform);
});

afterAll(() => platform.remove());

// In the life of one platform: each finds what the ones before it left.
describe("up", () => upCases(get));
describe("a deployer", () => deployerCases(get));
describe("a login", () => loginCases(get));
describe("a stack's file", () => settingsCases(get));
describe("destroy", () => destroyCases(get));
