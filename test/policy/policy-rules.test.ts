import { readSecretPolicy } from "../../infra/app/secret-policy";
import { resource, TAGS, UNKNOWN_TEXT, verdict } from "./verdict";

const SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:portal-db/prod/wms-AbCdEf";
const KEY = "arn:aws:kms:us-east-1:123456789012:key/0a1b";

const verdictOf = (policy: unknown) =>
  verdict(
    resource("aws:iam/policy:Policy", {
      inputs: { name: "portal-db-prod-wms-read", tags: { ...TAGS, app: "wms", environment: "prod" }, policy },
    }),
  );
const allowing = (statement: object) =>
  verdictOf(JSON.stringify({ Version: "2012-10-17", Statement: { Effect: "Allow", ...statement } }));
const refused = (what: string) => ({
  "reads-named-secrets": `allows ${what}: it may read its app's own secret, and nothing else`,
});

describe("an IAM policy", () => {
  const own = readSecretPolicy(SECRET, KEY);

  it("may be what the stacks make, as text or as an object, or not known yet", () => {
    expect([verdictOf(own), verdictOf(JSON.stringify(own)), verdictOf(UNKNOWN_TEXT)]).toEqual([{}, {}, {}]);
  });

  it("may not name a secret that is known at deploy alone in a text that is not", () => {
    const unknown = { ...own, Statement: [{ ...own.Statement[0], Resource: UNKNOWN_TEXT }] };
    expect(verdictOf(unknown)).toEqual(refused("on something"));
  });

  it("may deny anything", () => {
    expect(allowing({ Effect: "Deny", Action: "*", Resource: "*" })).toEqual({});
  });

  const patterned = SECRET.replace("wms-AbCdEf", "*");
  const another = SECRET.replace("wms-AbCdEf", "auth-AbCdEf");
  const condition = { StringEquals: { "kms:EncryptionContext:SecretARN": SECRET } };
  const read = "secretsmanager:GetSecretValue";
  // biome-ignore format: one case a line
  it.each([
    [{ Action: read, Resource: "*" }, "on *"],
    [{ Action: read, Resource: patterned }, `on ${patterned}`],
    [{ Action: read, Resource: [SECRET, another] }, `on ${another}`],
    [{ Action: read, Resource: KEY }, `on ${KEY}`],
    [{ Action: "kms:Decrypt", Resource: KEY }, `kms:Decrypt for any secret, on ${KEY}`],
    [{ Action: "kms:Decrypt", Resource: [KEY, "*"], Condition: condition }, `kms:Decrypt for any secret, on ${KEY}, on *`],
    [{ Action: "secretsmanager:*", Resource: SECRET }, `secretsmanager:*, on ${SECRET}`],
    [{ Action: [read, "secretsmanager:PutSecretValue"], Resource: SECRET }, "secretsmanager:PutSecretValue"],
    [{ Action: "*", Resource: "*" }, "*, on *"],
    [{ Action: "sts:AssumeRole", Resource: "arn:aws:iam::123456789012:role/admin" }, "sts:AssumeRole, on arn:aws:iam::123456789012:role/admin"],
    [{ NotAction: "iam:*", Resource: SECRET }, `NotAction, on ${SECRET}`],
    [{ Action: read, NotResource: KEY }, "NotResource"],
  ])("may not allow %j", (statement, what) => {
    expect(allowing(statement)).toEqual(refused(what));
  });

  it("has to be JSON", () => {
    expect(verdictOf("{")).toEqual({
      "reads-named-secrets": "is no JSON: take the document from readSecretPolicy",
    });
  });
});
