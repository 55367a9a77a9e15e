/** Tests are type-checked by `npm run check`; jest only transpiles them. */
module.exports = {
  testEnvironment: "node",
  testMatch: ["<rootDir>/test/**/*.test.ts"],
  transform: { "^.+\\.ts$": "ts-jest" },
};
