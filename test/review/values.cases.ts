import { runReview } from "./command";
import { previewFrom, stepOf } from "./engine-preview";
import { findingsOf, judge } from "./judge";
import { previewBetween, StackProgram, TWO_APPS } from "./program-preview";

let prod: StackProgram;

beforeAll(async () => {
  prod = await StackProgram.of("prod", TWO_APPS);
});

/** A policy of so many statements, each of which is some 80 characters long. */
const policyOf = (count: number) =>
  JSON.stringify({
    Statement: Array.from({ length: count }, (_, at) => ({
      Sid: `Reader${at}`,
      Action: "kms:Decrypt",
      Resource: "*",
    })),
  });

const said = (name: string, from: object, to: object, ...form: string[]) =>
  runReview(
    ["-", ...form],
    JSON.stringify(previewBetween(prod.with(name, { ...from }), prod.with(name, { ...to }))),
  ).stdout;

test("long values are shown from where they begin to differ, and Markdown has them whole", () => {
  const [from, to] = [{ policy: policyOf(9) }, { policy: policyOf(10) }];
  const whole = said("secrets-key", from, to, "--markdown");
  expect(whole).toContain(`\`${from.policy}\` → \`${to.policy}\``);
  for (const form of [[], ["--comment"]]) {
    const text = said("secrets-key", from, to, ...form);
    expect(text.replace(/\s+/g, "")).toContain("Reader9");
    expect(text).not.toContain("Reader1");
  }
});

const subscription = (endpoint: string) => ({
  urn: "urn:pulumi:prod::portal-db::aws:sns/topicSubscription:TopicSubscription::chat",
  ...{ type: "aws:sns/topicSubscription:TopicSubscription", custom: true },
  inputs: { endpoint, protocol: "https" },
});
const moved = (from: string, to: string) =>
  findingsOf(judge(previewFrom([stepOf(subscription(from), subscription(to))])));

test("of a URL its host alone is shown, and a mail address is", () => {
  const words = "interrupts | alarm subscription chat | tells others, or nobody, from now on";
  expect(
    moved("https://hooks.example.com/T0/secretpath", "https://u:pw@other.example.com:8443?key=hush"),
  ).toEqual(["interrupts", `${words} (endpoint hooks.example.com/… → other.example.com:8443/…)`]);
  expect(moved("https://hooks.example.com/one", "https://hooks.example.com/two")).toEqual([
    "interrupts",
    `${words} (endpoint hooks.example.com/…, in a part that is not shown)`,
  ]);
  expect(moved("a@ecomos.example", "b@ecomos.example")[1]).toBe(
    `${words} (endpoint a@ecomos.example → b@ecomos.example)`,
  );
});

test("what looks like a password in a tag is not shown, and a secret tag is none that is known at deploy", () => {
  const tags = (more: object) => ({ tags: { project: "portal-db", ...more } });
  const text = said(
    "instance",
    tags({ note: "now", dbToken: "plain" }),
    tags({
      note: "password=hunter22 at https://x.example.com/hush",
      dbToken: undefined,
      late: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    }),
    "--markdown",
  );
  expect(text).not.toMatch(/hunter22|hush|plain/);
  expect(text).toContain("`tags.note` `now` → `password=[secret] at x.example.com/…`");
  expect(text).toMatch(/`tags.dbToken` a secret → (unset|known at deploy)/);
  expect(text).toContain("`tags.late` unset → known at deploy");
});
