import { runVerb } from "../helpers/ops-platform";
import { TestPlatform } from "../helpers/platform";
import type { Ended } from "../helpers/process";
import { ExampleFolder } from "./example-folder";

/** The examples that install packages; the others carry the packages of `prisma-7`. */
export type Installed = "prisma-7" | "prisma-6";

/** A platform with wms alone, and copies of the examples. */
export class Stand {
  private constructor(
    readonly platform: TestPlatform,
    readonly folders: Readonly<Record<Installed, ExampleFolder>>,
    /** How `npm install` ended in them. */
    readonly installed: Readonly<Record<Installed, Ended>>,
  ) {}

  /** Deploys the platform, and installs the examples' packages meanwhile. */
  static async make(): Promise<Stand> {
    const platform = await TestPlatform.make();
    try {
      for (const stack of ["prod", "dev"]) platform.configure(stack, { apps: { wms: {} } });
      const copy = (example: Installed) => ExampleFolder.copy(platform.dir, example);
      const folders = { "prisma-7": copy("prisma-7"), "prisma-6": copy("prisma-6") };
      const [seven, six] = await Promise.all([
        folders["prisma-7"].install(),
        folders["prisma-6"].install(),
        platform.succeed("up"),
      ]);
      return new Stand(platform, folders, { "prisma-7": seven, "prisma-6": six });
    } catch (thrown) {
      await platform.remove();
      throw thrown;
    }
  }

  /** Writes a copy's `.env.dev`, as its README says. */
  async writeEnv(folder: ExampleFolder, environment: string): Promise<void> {
    const place = ["--platform", this.platform.places.platformFile, "--config-dir", this.platform.dir];
    const args = ["env", "wms", environment, "--shadow", "--write", folder.path(".env.dev"), ...place];
    const { status, stderr } = await runVerb(args);
    if (status !== 0) throw new Error(stderr);
  }
}
