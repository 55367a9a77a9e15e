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
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { MistakeError } from "../../../infra/mistake";
import { diffOf } from "../../../local/engine/diff";
import { type Call, type Handler, type HandlerOf, textIn } from "../../../local/engine/handler";
import type { Methods } from "../../../local/engine/loopback-server";
import type { Answers } from "../../../local/engine/monitor";
import { ignoring } from "../../../local/engine/request";
import { fromWire, opened, type Properties, toWire, UNKNOWN_VALUE } from "../../../local/engine/values";

/** What a provider plugin is made of. */
interface Parts {
  readonly version: string;
  readonly handlerOf: HandlerOf;
  readonly lookups: Pick<Answers, "invoke">;
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

  readonly methods: Methods = {
    getPluginInfo: () => new PluginInfo().setVersion(this.parts.version),
    checkConfig: (request: CheckRequest) => new CheckResponse().setInputs(request.getNews()),
    diffConfig: (request: DiffRequest) => this.diff(request),
    configure: (request: ConfigureRequest) => this.configure(request),
    check: (request: CheckRequest) => new CheckResponse().setInputs(request.getNews()),
    diff: (request: DiffRequest) => this.diff(request),
    create: (request: CreateRequest) => this.alone(() => this.create(request)),
    update: (request: UpdateRequest) => this.alone(() => this.update(request)),
    delete: (request: DeleteRequest) => this.alone(() => this.remove(request)),
    read: (request: ReadRequest) => this.alone(() => this.read(request)),
    invoke: (request: InvokeRequest) => this.alone(() => this.invoke(request)),
    cancel: () => new Empty(),
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
    this.provider = openedFrom(request.getArgs());
    return new ConfigureResponse().setSupportspreview(true);
  }

  private async diff(request: DiffRequest): Promise<DiffResponse> {
    const before = { inputs: openedFrom(request.getOldInputs()) };
    const news = { inputs: openedFrom(request.getNews()), ignoreChanges: request.getIgnorechangesList() };
    const handler = this.handlerOf(request.getUrn());
    const { names, replaces, deleteBeforeReplace } = diffOf(
      handler,
      before.inputs,
      ignoring(news, before).inputs,
    );
    return new DiffResponse()
      .setChanges(names.length === 0 ? DIFF_NONE : DIFF_SOME)
      .setDiffsList([...names])
      .setReplacesList([...replaces])
      .setDeletebeforereplace(deleteBeforeReplace);
  }

  private async create(request: CreateRequest): Promise<CreateResponse> {
    const inputs = openedFrom(request.getProperties());
    // What is not among the inputs is not known yet.
    if (request.getPreview()) return new CreateResponse().setProperties(toWire(inputs));
    const made = await this.handlerOf(request.getUrn()).create(inputs, this.callFor(request.getUrn()));
    return new CreateResponse().setId(made.id).setProperties(toWire(made.outputs));
  }

  private async update(request: UpdateRequest): Promise<UpdateResponse> {
    const before = {
      id: request.getId(),
      inputs: openedFrom(request.getOldInputs()),
      outputs: openedFrom(request.getOlds()),
    };
    const inputs = openedFrom(request.getNews());
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
    const outputs = openedFrom(request.getProperties());
    const before = { id: request.getId(), inputs: openedFrom(request.getOldInputs()), outputs };
    await this.handlerOf(request.getUrn()).remove?.(before, this.callFor(request.getUrn()));
    return new Empty();
  }

  /** Reads what is there; nothing known of it means an import. */
  private async read(request: ReadRequest): Promise<ReadResponse> {
    const urn = request.getUrn();
    const handler = this.handlerOf(urn);
    const [inputs, outputs] = [openedFrom(request.getInputs()), openedFrom(request.getProperties())];
    const isImport = Object.keys({ ...inputs, ...outputs }).length === 0;
    const before = { id: request.getId(), inputs, outputs };
    if (handler.read === undefined && isImport)
      throw new MistakeError(`${namesOfUrn(urn).type} cannot be imported here`);
    // What is not read is as its state says.
    const found = handler.read === undefined ? {} : await handler.read(before, this.callFor(urn));
    // An empty id says that it is gone.
    if (found === undefined) return new ReadResponse();
    const isInput = (key: string) => isImport || key in inputs || key in (handler.defaults ?? {});
    const foundInputs = Object.fromEntries(Object.entries(found).filter(([key]) => isInput(key)));
    return new ReadResponse()
      .setId(textIn(found, "id") || before.id)
      .setInputs(toWire({ ...inputs, ...foundInputs }))
      .setProperties(toWire({ ...outputs, ...found }));
  }

  private async invoke(request: InvokeRequest): Promise<InvokeResponse> {
    const found = await this.parts.lookups.invoke(request.getTok(), openedFrom(request.getArgs()));
    // The official provider does not mark a secret's value as one.
    return new InvokeResponse().setReturn(toWire(opened(found)));
  }
}

/** A message's properties; the engine keeps some secrets marked, and handlers know none. */
function openedFrom(struct: Struct | undefined): Properties {
  return opened(fromWire(struct));
}

/** A resource's type and name, by its URN. */
function namesOfUrn(urn: string): { readonly type: string; readonly name: string } {
  const [, , types = "", ...name] = urn.split("::");
  return { type: types.split("$").at(-1) ?? "", name: name.join("::") };
}
