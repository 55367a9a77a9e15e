/** Tests are type-checked by `npm run check`; jest only transpiles them. */
module.exports = {
  testEnvironment: "node",
  // No test is about time, but one may hang; a busy machine is slow.
  testTimeout: 120_000,
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  transform: { "^.+\\.ts$": "ts-jest" },
};
