import { verify } from "./verify-command";

test.each([
  ["no stack", [], "error: give one stack, such as dev"],
  ["two stacks", ["dev", "prod"], "error: give one stack, such as dev"],
  [
    "a bad name",
    ["../dev"],
    "error: bad stack name: lower-case letters, digits, - and _, such as dev or pr-42",
  ],
  ["an unknown option", ["dev", "--fast"], "error: Unknown option '--fast'"],
])("%s is bad usage of verify", async (_what, args, message) => {
  const stderr = `${message}; see npm run ops -- verify --help`;
  expect(await verify(args)).toEqual({ status: 64, stdout: "", stderr });
});
