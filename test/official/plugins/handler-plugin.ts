import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import {
  type CheckRequest,
  CheckResponse,
  type ConfigureRequest,
  ConfigureResponse,
  type CreateRequest,
  CreateResponse,
  type DeleteRequest,
  type DiffRequest,
  DiffResponse,
  type InvokeRequest,
  InvokeResponse,
  type ReadRequest,
  ReadResponse,
  type UpdateRequest,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { MistakeError } from "../../../infra/mistake";
import { diffOf } from "../../../local/engine/diff";
import type { Call, Handler, HandlerOf } from "../../../local/engine/handler";
import type { Answers } from "../../../local/engine/monitor";
import { opened, type Properties, UNKNOWN_VALUE } from "../../../local/engine/values";
import type { Reader } from "./found";
import { answering } from "./serve";
import { fromWire, keepingIgnored, namesOfUrn, toWire } from "./wire";

/** What a provider plugin is made of. */
interface Parts {
  readonly version: string;
  readonly handlerOf: HandlerOf;
  readonly lookups: Pick<Answers, "invoke">;
  /** Readers by resource type; a type without one is always as its state says. */
  readonly readers: Readonly<Record<string, Reader>>;
  /** What the emulator draws the next resource's ids from: never the same for two, in any of the plugins at work. */
  readonly newSeed: () => string;
}

const { DIFF_NONE, DIFF_SOME } = DiffResponse.DiffChanges;

/** Handlers as the official engine's protocol asks for them. Secrets are the engine's own: it opens and marks them. */
export class HandlerPlugin {
  private provider: Properties = {};
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: Parts) {}

  /** Waits for what is under way. */
  idle(): Promise<unknown> {
    return this.last;
  }

  readonly answers: UntypedServiceImplementation = {
    getPluginInfo: answering(async () => new PluginInfo().setVersion(this.parts.version)),
    checkConfig: answering(async (request: CheckRequest) => new CheckResponse().setInputs(request.getNews())),
    diffConfig: answering((request: DiffRequest) => this.diff(request)),
    configure: answering((request: ConfigureRequest) => this.configure(request)),
    check: answering(async (request: CheckRequest) => new CheckResponse().setInputs(request.getNews())),
    diff: answering((request: DiffRequest) => this.diff(request)),
    create: answering((request: CreateRequest) => this.alone(() => this.create(request))),
    update: answering((request: UpdateRequest) => this.alone(() => this.update(request))),
    delete: answering((request: DeleteRequest) => this.alone(() => this.remove(request))),
    read: answering((request: ReadRequest) => this.alone(() => this.read(request))),
    invoke: answering((request: InvokeRequest) => this.alone(() => this.invoke(request))),
    cancel: answering(async () => new Empty()),
  };

  /** One after another: handlers of Postgres share a connection, and those of AWS the emulator's seed. */
  private alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.last.then(work);
    this.last = done.catch(() => {});
    return done;
  }

  private handlerOf(urn: string): Handler {
    return this.parts.handlerOf(namesOfUrn(urn).type);
  }

  private callFor(urn: string): Call {
    return { name: namesOfUrn(urn).name, seed: this.parts.newSeed(), provider: this.provider };
  }

  private async configure(request: ConfigureRequest): Promise<ConfigureResponse> {
    this.provider = fromWire(request.getArgs());
    return new ConfigureResponse().setSupportspreview(true);
  }

  private async diff(request: DiffRequest): Promise<DiffResponse> {
    const before = fromWire(request.getOldInputs());
    const after = keepingIgnored(fromWire(request.getNews()), before, request.getIgnorechangesList());
    const { names, replaces, deleteBeforeReplace } = diffOf(this.handlerOf(request.getUrn()), before, after);
    return new DiffResponse()
      .setChanges(names.length === 0 ? DIFF_NONE : DIFF_SOME)
      .setDiffsList([...names])
      .setReplacesList([...replaces])
      .setDeletebeforereplace(deleteBeforeReplace);
  }

  private async create(request: CreateRequest): Promise<CreateResponse> {
    const inputs = fromWire(request.getProperties());
    // What is not among the inputs is not known yet.
    if (request.getPreview()) return new CreateResponse().setProperties(toWire(inputs));
    const made = await this.handlerOf(request.getUrn()).create(inputs, this.callFor(request.getUrn()));
    return new CreateResponse().setId(made.id).setProperties(toWire(made.outputs));
  }

  private async update(request: UpdateRequest): Promise<UpdateResponse> {
    const before = {
      id: request.getId(),
      inputs: fromWire(request.getOldInputs()),
      outputs: fromWire(request.getOlds()),
    };
    const inputs = fromWire(request.getNews());
    const unsaid = Object.keys(before.inputs).filter((key) => !(key in inputs));
    const planned = { ...before.outputs, ...inputs };
    for (const key of unsaid) planned[key] = UNKNOWN_VALUE;
    if (request.getPreview()) return new UpdateResponse().setProperties(toWire(planned));
    const made = await this.handlerOf(request.getUrn()).update?.(
      before,
      inputs,
      this.callFor(request.getUrn()),
    );
    for (const key of unsaid) delete planned[key];
    return new UpdateResponse().setProperties(toWire(made?.outputs ?? planned));
  }

  private async remove(request: DeleteRequest): Promise<Empty> {
    const outputs = fromWire(request.getProperties());
    const before = { id: request.getId(), inputs: fromWire(request.getOldInputs()), outputs };
    await this.handlerOf(request.getUrn()).remove?.(before, this.callFor(request.getUrn()));
    return new Empty();
  }

  /** Reads what is there; nothing known of it means an import. */
  private async read(request: ReadRequest): Promise<ReadResponse> {
    const { type } = namesOfUrn(request.getUrn());
    const isImport = !request.hasInputs() && !request.hasProperties();
    const before = {
      id: request.getId(),
      inputs: fromWire(request.getInputs()),
      outputs: fromWire(request.getProperties()),
    };
    const reader = this.parts.readers[type];
    if (reader === undefined && isImport) throw new MistakeError(`${type} cannot be imported here`);
    const found =
      reader === undefined ? { inputs: {} } : await reader(before, this.callFor(request.getUrn()));
    // An empty id says that it is gone.
    if (found === undefined) return new ReadResponse();
    return new ReadResponse()
      .setId(found.id ?? before.id)
      .setInputs(toWire({ ...before.inputs, ...found.inputs }))
      .setProperties(toWire({ ...before.outputs, ...found.inputs, ...found.outputs }));
  }

  private async invoke(request: InvokeRequest): Promise<InvokeResponse> {
    const found = await this.parts.lookups.invoke(request.getTok(), fromWire(request.getArgs()));
    // The official provider does not mark a secret's value as one.
    return new InvokeResponse().setReturn(toWire(opened(found)));
  }
}
