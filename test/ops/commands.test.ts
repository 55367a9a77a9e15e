import { OpsPlatform } from "../helpers/ops-platform";
import { cleanupCases } from "./cleanup.cases";
import { connectCases } from "./connect.cases";
import { envCases } from "./env.cases";
import { faultCases } from "./faults.cases";
import { hostileNameCases } from "./hostile-names.cases";
import { inspectCases } from "./inspect.cases";
import { interruptionCases } from "./interruptions.cases";
import { migratorCases } from "./migrator.cases";
import { peopleCases } from "./people.cases";
import { purgeCases } from "./purge.cases";
import { recoverCases } from "./recover.cases";
import { recoverCommandCases } from "./recover-command.cases";
import { repairCases } from "./repair.cases";
import { resetCases } from "./reset.cases";
import { resetLockCases } from "./reset-locks.cases";
import { verifyCases } from "./verify.cases";

let ops: OpsPlatform;
const get = (): OpsPlatform => ops;

beforeAll(async () => {
  // A prompt of a command that runs inside jest would wait for ever.
  Object.defineProperty(process.stdin, "isTTY", { value: false, configurable: true });
  ops = await OpsPlatform.make();
});

afterAll(() => ops?.remove());

// One after the other on one platform: it takes longer to start than most of them to run.
describe("verify", () => verifyCases(get));
describe("inspect", () => inspectCases(get));
describe("connect", () => connectCases(get));
describe("repair", () => repairCases(get));
describe("recover", () => recoverCases(get));
describe("recover, the command", () => recoverCommandCases(get));
describe("env", () => envCases(get));
describe("reset", () => resetCases(get));
describe("reset and other sessions", () => resetLockCases(get));
describe("a command that a signal ends", () => interruptionCases(get));
describe("names that others gave", () => hostileNameCases(get));
describe("purge", () => purgeCases(get));
describe("people and tools", () => peopleCases(get));
describe("cleanup", () => cleanupCases(get));
describe("a login for migrations", () => migratorCases(get));
describe("faults", () => faultCases(get));
