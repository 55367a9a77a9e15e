/** The suite of `npm run test:engine`, which alone starts it: `npm test` is for machines without the official engine, too. */
const { testPathIgnorePatterns: _, ...shared } = require("../../jest.config");

module.exports = {
  ...shared,
  rootDir: "../..",
  testMatch: ["<rootDir>/test/official/**/*.test.ts"],
  // One command of the engine takes seconds, and a test types many.
  testTimeout: 600_000,
  maxWorkers: 2,
};
