import { defaultRegistry } from "@prisma/client-generator-registry";
import { getGenerators, loadSchemaContext } from "@prisma/internals";

/** `prisma generate`: the client of a schema, into the folder that the schema names. */
export async function generate(schemaFile: string): Promise<void> {
  const schemaContext = await loadSchemaContext({
    schemaPath: { cliProvidedPath: schemaFile },
    printLoadMessage: false,
  });
  const generators = await getGenerators({
    schemaContext,
    registry: defaultRegistry.toInternal(),
    cliCommand: "prisma",
  });
  for (const generator of generators) {
    await generator.generate();
    generator.stop();
  }
}
