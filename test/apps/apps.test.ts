import { TestPlatform } from "../helpers/platform";
import { connectionCases } from "./connections.cases";
import { type Deployed, deployCases } from "./deploy.cases";
import { environmentCases } from "./environment.cases";
import { extensionCases } from "./extensions.cases";
import { failureCases } from "./failure.cases";
import { lockCases } from "./locks.cases";
import { refusedCases } from "./refused.cases";
import { runtimeCases } from "./runtime.cases";
import { shadowCases } from "./shadow.cases";
import { timeoutCases } from "./timeouts.cases";
import { turnCases } from "./turns.cases";
import { Workspace } from "./workspace";

jest.setTimeout(120_000);

let platform: TestPlatform | undefined;
let deployed: Deployed;
const get = (): Deployed => deployed;

beforeAll(async () => {
  platform = await TestPlatform.make();
  const apps = { auth: {}, wms: { reader: true }, xplan: {}, website: {} };
  platform.configure("prod", {
    apps: { ...apps, wms: { connectionLimit: 40, reader: true } },
    extensions: ["citext"],
  });
  platform.configure("dev", { apps: { ...apps, xplan: { idleInTransactionTimeout: 1 } } });
  const [workspace] = await Promise.all([Workspace.make(platform), platform.succeed("up")]);
  deployed = { platform, workspace };
});

afterAll(() => platform?.remove());

// One after the other on one platform: later cases find the tables that earlier ones made.
describe("deploy", () => deployCases(get));
describe("extensions", () => extensionCases(get));
describe("a failing migration", () => failureCases(get));
describe("statements that are refused", () => refusedCases(get));
describe("statements that lock", () => lockCases(get));
describe("environments", () => environmentCases(get));
describe("shadow database", () => shadowCases(get));
describe("connections", () => connectionCases(get));
describe("turns", () => turnCases(get));
// Takes the right to change tables from an app.
describe("timeouts", () => timeoutCases(get));
describe("an app without the right to change tables", () => runtimeCases(get));
