import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "../../infra/config/parse";
import { parseDeployerSecret } from "../../infra/database/deployer-credentials";

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (thrown) {
    return thrown;
  }
}

test.each([
  ["ConfigError", () => new ConfigError("dev", ["apps: is missing"])],
  ["MistakeError", () => thrownBy(() => parseDeployerSecret("portal-db/admin", "nonsense"))],
])("%s is shown by its message alone, and has no frames that the SDK would format", (name, make) => {
  const mistake = make() as Error;
  expect(pulumi.RunError.isInstance(mistake)).toBe(true);
  expect(mistake.stack).toBe(`${name}: ${mistake.message}`);
});
