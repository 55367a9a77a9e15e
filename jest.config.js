// As commands do, for the tests' own clients and what they start: cli/aws-notice.ts says why, and until when.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";

/** Tests are type-checked by `npm run check`; jest only transpiles them. */
module.exports = {
  testEnvironment: "node",
  // What jest puts around the globals of a suite that is over calls itself without end where the SDK still sets one.
  testEnvironmentOptions: { globalsCleanup: "off" },
  // No test is about time, but one may hang; a busy machine is slow.
  testTimeout: 120_000,
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  // Needs the official engine: `npm run test:engine`.
  testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/official/"],
  // Both examples are packages of one name, and no test loads either in place.
  modulePathIgnorePatterns: ["<rootDir>/examples/"],
  testSequencer: "<rootDir>/test/slow-first.js",
  // The slow suites wait for their servers more than they work: one worker more than the two cores that CI has.
  maxWorkers: 3,
  transform: { "^.+\\.ts$": "ts-jest" },
};
