import * as pulumi from "@pulumi/pulumi";

/**
 * A person's mistake, shown by the engine as its message alone. It carries no frames: the SDK also formats
 * them, and on Node 20 that takes half a minute where a path has two packages of one scope in it.
 */
export class MistakeError extends pulumi.RunError {
  constructor(message: string) {
    super(message);
    this.name = new.target.name;
    this.stack = `${this.name}: ${message}`;
  }
}
