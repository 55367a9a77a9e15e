import { execFile } from "node:child_process";
import { codeOf, MistakeError } from "../../infra/mistake";

/** What a token is for. It is signed, not asked for: AWS is not called, and whoever signs needs `rds-db:connect`. */
export interface TokenRequest {
  /** The instance's own name, also behind a tunnel: it is a part of what is signed. */
  readonly host: string;
  /** The instance's own port, likewise. */
  readonly port: number;
  readonly region: string;
  readonly login: string;
  /** A profile of the AWS CLI. */
  readonly profile?: string | undefined;
}

/** What a token begins with. @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Connecting.AWSCLI.PostgreSQL.html */
function isToken(text: string, { host, port, login }: TokenRequest): boolean {
  if (!text.startsWith(`${host}:${port}/?`) || /\s/.test(text)) return false;
  const said = new URLSearchParams(text.slice(`${host}:${port}/?`.length));
  const names = ["X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature"];
  return (
    said.get("Action") === "connect" &&
    said.get("DBUser") === login &&
    said.get("X-Amz-Algorithm") === "AWS4-HMAC-SHA256" &&
    names.every((name) => said.has(name))
  );
}

/**
 * A token that stands for a password for 15 minutes, by the AWS CLI, with whatever it is logged in with.
 * @throws {MistakeError} never with what it printed on its output, which is the token
 */
export async function iamToken(request: TokenRequest): Promise<string> {
  const { host, port, region, login, profile } = request;
  const args = [
    ...["rds", "generate-db-auth-token", "--hostname", host, "--port", String(port)],
    ...["--region", region, "--username", login],
    ...(profile === undefined ? [] : ["--profile", profile]),
  ];
  const token = await new Promise<string>((done, fail) => {
    execFile("aws", args, { encoding: "utf8", env: process.env }, (thrown, stdout, stderr) => {
      if (thrown === null) return done(stdout.trim());
      const words = stderr.replace(/\s+/g, " ").trim();
      const problem =
        codeOf(thrown) === "ENOENT"
          ? "there is no aws: install the AWS CLI"
          : `the AWS CLI signs no token: ${words || "it does not say why"}`;
      fail(new MistakeError(problem));
    });
  });
  if (isToken(token, request)) return token;
  throw new MistakeError("what aws rds generate-db-auth-token prints is no token: is it the AWS CLI?");
}
