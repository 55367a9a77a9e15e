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
  "reads-named-secrets": `allows ${what}: it may read secrets that it names by ARN, and nothing else`,
});

describe("an IAM policy", () => {
  it("may be what the stacks make, as text or as an object, or not known yet", () => {
    const own = readSecretPolicy(SECRET, KEY);
    expect([verdictOf(own), verdictOf(JSON.stringify(own)), verdictOf(UNKNOWN_TEXT)]).toEqual([{}, {}, {}]);
    const unknown = { ...own, Statement: [{ ...own.Statement[0], Resource: UNKNOWN_TEXT }] };
    expect(verdictOf(unknown)).toEqual({});
  });

  it("may deny anything", () => {
    expect(allowing({ Effect: "Deny", Action: "*", Resource: "*" })).toEqual({});
  });

  // biome-ignore format: one case a line
  it.each([
    [{ Action: "secretsmanager:GetSecretValue", Resource: "*" }, "on *"],
    [{ Action: "secretsmanager:GetSecretValue", Resource: SECRET.replace("wms-AbCdEf", "*") }, `on ${SECRET.replace("wms-AbCdEf", "*")}`],
    [{ Action: ["kms:Decrypt"], Resource: [KEY, "*"] }, "on *"],
    [{ Action: "secretsmanager:*", Resource: SECRET }, "secretsmanager:*"],
    [{ Action: ["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"], Resource: SECRET }, "secretsmanager:PutSecretValue"],
    [{ Action: "*", Resource: "*" }, "*, on *"],
    [{ Action: "sts:AssumeRole", Resource: "arn:aws:iam::123456789012:role/admin" }, "sts:AssumeRole, on arn:aws:iam::123456789012:role/admin"],
    [{ NotAction: "iam:*", Resource: SECRET }, "NotAction"],
    [{ Action: "secretsmanager:GetSecretValue", NotResource: KEY }, "NotResource"],
  ])("may not allow %j", (statement, what) => {
    expect(allowing(statement)).toEqual(refused(what));
  });

  it("has to be JSON", () => {
    expect(verdictOf("{")).toEqual({
      "reads-named-secrets": "is no JSON: take the document from readSecretPolicy",
    });
  });
});
