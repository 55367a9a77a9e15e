import { maskCases } from "./mask.cases";
import { roundtripCases } from "./roundtrip.cases";
import { TransferPlatform } from "./transfer-platform";

jest.setTimeout(180_000);

let platform: TransferPlatform;
const get = (): TransferPlatform => platform;

beforeAll(async () => {
  // A prompt of a command that runs inside jest would wait for ever.
  Object.defineProperty(process.stdin, "isTTY", { value: false, configurable: true });
  platform = await TransferPlatform.make();
});

afterAll(() => platform?.ops.remove());

// One after the other on one platform: it takes longer to start than most of them to run.
describe("snapshot and restore", () => roundtripCases(get));
describe("masking", () => maskCases(get));
