import { awsCases } from "./aws-handlers.cases";
import { HandlerStand } from "./handler-stand";
import { instanceCases } from "./instance-handler.cases";
import { postgresCases } from "./postgres-handlers.cases";
import { recordedCases } from "./recorded-handlers.cases";

jest.setTimeout(60_000);

let stand: HandlerStand;
const get = (): HandlerStand => stand;

beforeAll(async () => {
  stand = await HandlerStand.make();
});

afterAll(() => stand.remove());

describe("AWS", () => awsCases(get));
describe("Postgres", () => postgresCases(get));
describe("what is only recorded", () => recordedCases(get));
// Last: it takes the database and the master with it.
describe("an instance", () => instanceCases(get));
