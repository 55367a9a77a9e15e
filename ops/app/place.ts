import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Values } from "../../cli/arguments";
import { hideNodeNotice } from "../../cli/aws-notice";
import { CHECKOUT } from "../../cli/checkout";
import { UsageError } from "../../cli/exit-status";
import type { APP_PLACE } from "../../cli/options";
import { type Endpoint, parseEndpoint } from "../../infra/config/endpoint";
import { readStackFile, settingsOf, stackFileOf } from "../../infra/config/stack-file";
import { MistakeError } from "../../infra/mistake";

/** What the command line says about where an app is; a command takes some of it. */
export type PlaceOptions = Partial<Values<typeof APP_PLACE>>;

/** Where secrets and the database are: the local platform, or AWS. */
export interface Place {
  /** For people: `the local platform` or `AWS us-east-1`. */
  readonly name: string;
  readonly region: string;
  /** The AWS emulator; undefined means AWS with the ordinary credentials. */
  readonly emulator: string | undefined;
  /** The local platform's folder; undefined on AWS. */
  readonly platformDir: string | undefined;
  /** Folder of the stacks' files. */
  readonly configDir: string;
  /** Where Postgres is reached when it is not the host of the app's URL. */
  readonly endpoint: Endpoint | undefined;
  /** Where the stack's file, or the local platform, says that admins reach it. */
  readonly adminEndpoint: Endpoint | undefined;
  /** Path of the CA bundle with which a server on AWS is verified. */
  readonly caBundle: string | undefined;
  /** The instance's own name where it was given; otherwise it is the host in a secret. */
  readonly serverName: string | undefined;
}

/** Settings of an AWS client that works in a place; the emulator takes any credentials. */
export function clientSettings({ region, emulator }: Pick<Place, "region" | "emulator">) {
  hideNodeNotice();
  if (emulator === undefined) return { region };
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  return { region, endpoint: emulator, credentials, maxAttempts: 2 };
}

/** Folder of the stacks' files. */
export function configDirOf(options: Pick<PlaceOptions, "config-dir">): string {
  return resolve(options["config-dir"] ?? CHECKOUT);
}

/** `platform.json`, as the local platform writes it. */
interface PlatformFile {
  readonly aws: { readonly endpoint: string; readonly region: string };
  readonly postgres?: { readonly host: string; readonly port: number };
}

/**
 * Finds out where to work. A platform that is there but stopped is an error and never means AWS: nobody who
 * works locally shall reach the account by accident.
 * @param stack whose file names the region, where admins reach the server, and the CA bundle
 */
export function placeOf(options: PlaceOptions, stack: string): Place {
  const configDir = configDirOf(options);
  const endpoint = endpointOf(options.endpoint);
  const serverName = serverNameOf(options["server-name"]);
  if (options.aws === true && options.platform !== undefined) {
    throw new UsageError("--aws and --platform exclude each other");
  }
  if (options.aws !== true) {
    const file = resolve(options.platform ?? resolve(CHECKOUT, ".local", "platform.json"));
    if (existsSync(file)) {
      const { aws, postgres: adminEndpoint } = readPlatform(file);
      const shared = {
        emulator: aws.endpoint,
        platformDir: dirname(file),
        configDir,
        endpoint,
        adminEndpoint,
      };
      return { name: "the local platform", region: aws.region, ...shared, caBundle: undefined, serverName };
    }
    if (options.platform !== undefined)
      throw new MistakeError(`${file} does not exist: is the platform started?`);
    if (existsSync(resolve(dirname(file), "servers.json"))) {
      throw new MistakeError(
        "the local platform is stopped: start it with npm run local, or say --aws to mean AWS",
      );
    }
  }
  const isThere = existsSync(stackFileOf(configDir, stack));
  const config: Readonly<Record<string, string>> = isThere ? readStackFile(configDir, stack).config : {};
  const region = options.region ?? config["aws:region"] ?? process.env.AWS_REGION;
  if (region === undefined) throw new MistakeError("which AWS region? Give --region, or set AWS_REGION");
  if (!/^[a-z]{2}(-[a-z]+)+-\d$/.test(region)) throw new UsageError("--region must be like us-east-1");
  const { adminEndpoint, adminCaBundle } = settingsOf(config);
  return {
    name: `AWS ${region}`,
    region,
    emulator: undefined,
    platformDir: undefined,
    configDir,
    endpoint,
    adminEndpoint: adminEndpoint === undefined ? undefined : parseEndpoint(adminEndpoint),
    caBundle: caBundleOf(options["ca-bundle"], configDir, adminCaBundle),
    serverName,
  };
}

function caBundleOf(
  given: string | undefined,
  configDir: string,
  setting: string | undefined,
): string | undefined {
  if (given !== undefined) return resolve(given);
  // A provider's plugin reads a relative path from the project's folder.
  if (setting !== undefined) return resolve(configDir, setting);
  const { NODE_EXTRA_CA_CERTS: ofNode } = process.env;
  return ofNode === undefined || ofNode === "" ? undefined : resolve(ofNode);
}

function endpointOf(text: string | undefined): Endpoint | undefined {
  if (text === undefined) return undefined;
  const parsed = parseEndpoint(text);
  if (parsed === undefined) throw new UsageError("--endpoint must be host:port, such as localhost:6543");
  return parsed;
}

function serverNameOf(text: string | undefined): string | undefined {
  if (text === undefined || parseEndpoint(`${text}:1`) !== undefined) return text;
  throw new UsageError(
    "--server-name must be the instance's address, such as ecomos-prod.….us-east-1.rds.amazonaws.com",
  );
}

function readPlatform(file: string): PlatformFile {
  try {
    const { aws, postgres } = JSON.parse(readFileSync(file, "utf8")) as {
      aws?: Partial<PlatformFile["aws"]>;
      postgres?: { host: string; port: number };
    };
    // Credentials of nobody go there, but a secret that is read from elsewhere would be taken for the app's.
    const isLocal = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):\d+\/?$/.test(aws?.endpoint ?? "");
    if (isLocal && aws?.endpoint !== undefined && aws.region !== undefined) {
      return { aws: { endpoint: aws.endpoint, region: aws.region }, postgres };
    }
  } catch {
    // Said below.
  }
  throw new MistakeError(`${file} is not what the local platform writes: start it again with npm run local`);
}
