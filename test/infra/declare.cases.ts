import { Secret } from "@pulumi/aws/secretsmanager";
import { declare } from "../../infra/declare";
import { runProgram } from "../helpers/stack-run";

const LIMIT = 7;
const before = Error.stackTraceLimit;
beforeEach(() => {
  Error.stackTraceLimit = LIMIT;
});
afterEach(() => {
  Error.stackTraceLimit = before;
});

class Traced {
  readonly trace = new Error("trace").stack;
}

class Failing {
  constructor(thrown: unknown) {
    throw thrown;
  }
}

function callerThatFails(thrown: unknown): unknown {
  try {
    return declare(Failing, thrown);
  } catch (error) {
    return error;
  }
}

test("a resource that is declared costs no stack trace", () => {
  expect(declare(Traced).trace).toBe("Error: trace");
  expect(new Traced().trace).toMatch(/at new Traced/);
});

test("the arguments arrive, and the resource comes back", () => {
  const made = declare(Map<string, number>, [["a", 1]]);
  expect(made).toEqual(new Map([["a", 1]]));
});

test("the limit is restored after success and after failure", () => {
  declare(Traced);
  expect(Error.stackTraceLimit).toBe(LIMIT);
  callerThatFails(new Error("broken"));
  expect(Error.stackTraceLimit).toBe(LIMIT);
});

test("an error that is made inside keeps its message and a trace that names the caller", () => {
  class Broken {
    constructor() {
      throw new RangeError("broken inside");
    }
  }
  function callerOfBroken(): void {
    declare(Broken);
  }
  let caught: unknown;
  try {
    callerOfBroken();
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(RangeError);
  const { message, stack } = caught as RangeError;
  expect(message).toBe("broken inside");
  expect(stack).toMatch(/^RangeError: broken inside\n\s+at callerOfBroken /);
});

test("what is no error is thrown on as it is", () => {
  expect(callerThatFails("just text")).toBe("just text");
});

test("a resource of the SDK that refuses its arguments says where it was declared", async () => {
  function declaresBadly(): Record<string, unknown> {
    declare(Secret, "", {});
    return {};
  }
  const error: unknown = await runProgram("dev", {}, declaresBadly).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Error);
  expect((error as Error).stack).toMatch(/Missing resource name argument[^\n]*\n\s+at declaresBadly /);
  expect(Error.stackTraceLimit).toBe(LIMIT);
});
