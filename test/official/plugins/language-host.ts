/**
 * Stands in for `pulumi-language-nodejs`: runs a program in the SDK's own Node host, as the official one does. The last
 * argument is the engine's address.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import {
  AboutResponse,
  GetProgramDependenciesResponse,
  GetRequiredPackagesResponse,
  GetRequiredPluginsResponse,
  type RunRequest,
  RunResponse,
  RuntimeOptionsResponse,
} from "@pulumi/pulumi/proto/language_pb";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { servePlugin } from "./serve";

/** The SDK's status for a program that has said itself what was wrong. */
const HAS_SAID_SO = 32;

const engine = process.argv.at(-1) ?? "";
const running = new Set<Promise<unknown>>();

function argumentsOf(request: RunRequest): string[] {
  const info = request.getInfo();
  const folder = info?.getProgramDirectory() ?? request.getPwd();
  // From the program's own packages: the SDK that it was written for.
  const host = require.resolve("@pulumi/pulumi/cmd/run", { paths: [folder] });
  const options = {
    monitor: request.getMonitorAddress(),
    engine,
    organization: request.getOrganization(),
    project: request.getProject(),
    stack: request.getStack(),
    "root-directory": info?.getRootDirectory() ?? request.getPwd(),
    pwd: request.getPwd(),
    parallel: String(request.getParallel()),
  };
  const named = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  const entryPoint = info?.getEntryPoint() || ".";
  return [
    host,
    ...named,
    ...(request.getDryrun() ? ["--dry-run"] : []),
    entryPoint,
    ...request.getArgsList(),
  ];
}

async function run(request: RunRequest): Promise<RunResponse> {
  const child = spawn(process.execPath, argumentsOf(request), {
    cwd: request.getInfo()?.getProgramDirectory() ?? request.getPwd(),
    env: {
      ...process.env,
      PULUMI_NODEJS_TYPESCRIPT: "true",
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toObject())),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const ended = once(child, "exit");
  running.add(ended);
  const [status] = (await ended) as [number | null];
  const response = new RunResponse();
  if (status === HAS_SAID_SO) response.setBail(true);
  else if (status !== 0) response.setError(`Program exited with non-zero exit code: ${status}`);
  return response;
}

servePlugin(
  LanguageRuntimeService,
  {
    run,
    getPluginInfo: () => new PluginInfo().setVersion("0.0.0"),
    about: () => new AboutResponse().setExecutable(process.execPath).setVersion(process.version),
    // The programs' packages name the plugins that they need, each with its version.
    getRequiredPackages: () => new GetRequiredPackagesResponse(),
    getRequiredPlugins: () => new GetRequiredPluginsResponse(),
    getProgramDependencies: () => new GetProgramDependenciesResponse(),
    runtimeOptionsPrompts: () => new RuntimeOptionsResponse(),
    // They are installed: the programs stand beside this file.
    installDependencies: () => {},
  },
  () => Promise.all(running),
);
