import { appCases } from "./app.cases";
import { appFilesCases } from "./app-files.cases";
import { commandCases } from "./command.cases";
import { envFileCases } from "./env-file.cases";
import { envProblemCases } from "./env-problems.cases";
import { migrationSchemaCases } from "./migration-schemas.cases";
import { migrationStatementCases } from "./migration-statements.cases";
import { schemaFileCases } from "./schema-file.cases";
import { sourceFileCases } from "./source-file.cases";

describe("a .prisma file", () => schemaFileCases());
describe("a source file", () => sourceFileCases());
describe("an .env file", () => {
  envFileCases();
  envProblemCases();
});
describe("what a migration does", () => migrationStatementCases());
describe("what a migration names", () => migrationSchemaCases());
describe("an app", () => appCases());
describe("an app's files", () => appFilesCases());
describe("the command", () => commandCases());
