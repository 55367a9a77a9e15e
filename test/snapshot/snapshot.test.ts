import { broughtCodeCases } from "./brought-code.cases";
import { snapshotFaultCases } from "./faults.cases";
import { interruptionCases } from "./interruptions.cases";
import { maskCases } from "./mask.cases";
import { maskedCloneCases } from "./masked-clone.cases";
import { memoryCases } from "./memory.cases";
import { roundtripCases } from "./roundtrip.cases";
import { rowCases } from "./rows.cases";
import { scriptCases } from "./script.cases";
import { SnapshotPlatform } from "./snapshot-platform";

jest.setTimeout(120_000);

let platform: SnapshotPlatform;
const get = (): SnapshotPlatform => platform;

beforeAll(async () => {
  // A prompt of a command that runs inside jest would wait for ever.
  Object.defineProperty(process.stdin, "isTTY", { value: false, configurable: true });
  platform = await SnapshotPlatform.make();
});

afterAll(() => platform?.ops.remove());

// One after the other on one platform: it takes longer to start than most of them to run.
describe("snapshot and restore", () => roundtripCases(get));
describe("what a snapshot brings", () => broughtCodeCases(get));
describe("a masked clone", () => maskedCloneCases(get));
describe("masking", () => maskCases(get));
describe("restore, with more in the script", () => scriptCases(get));
describe("restore, with rows that are refused", () => rowCases(get));
describe("snapshot and restore, interrupted", () => interruptionCases(get));
describe("snapshot and restore, with something wrong", () => snapshotFaultCases(get));
describe("snapshot and restore, of much", () => memoryCases(get));
