import { existsSync } from "node:fs";

// A developer's file. What is set already is kept; in CI, in a container and in production there is no such file.
if (existsSync(".env.dev")) process.loadEnvFile(".env.dev");
