/**
 * Stands in for `pulumi-resource-<name>`: serves the local platform's handlers as a provider plugin. The first argument is
 * the provider's name; the folder of the platform whose servers it works on comes by environment.
 */
import { randomBytes } from "node:crypto";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { emulatorLookups, lookups } from "../../../local/lookups";
import { Providers } from "../../../local/providers";
import { HandlerPlugin } from "./handler-plugin";
import { servePlugin } from "./serve";
import { serversOfRun } from "./servers-of-run";

const [name = ""] = process.argv.slice(2);
const { version } = require(`@pulumi/${name}/package.json`) as { version: string };
const { places, servers } = serversOfRun();
const providers = new Providers(places, servers);
const plugin = new HandlerPlugin({
  version,
  handlerOf: providers.handlerOf,
  lookups: lookups(emulatorLookups(providers.aws)),
  newSeed: () => randomBytes(8).toString("hex"),
});
servePlugin(ResourceProviderService, plugin.methods, () => plugin.idle());
