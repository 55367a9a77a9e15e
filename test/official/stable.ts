import { PLACEHOLDERS } from "../../access/declared-resource";
import type { PrintedPreview, PrintedStep } from "../review/engine-preview";

/** What only says where and when a recording was made, or how a resource's declaration was reached. */
const LEFT_OUT = ["created", "modified", "sourcePosition", "stackTrace", "duration"];
/** What the engine says of plugins that it finds on PATH. */
const PLUGIN_NOTE = /^warning: using pulumi-/;
/** How the AWS provider finds the emulator; of its settings a real stack has the region alone. */
const EMULATOR_SETTING = /^aws:(?!region$)/;
/** Identifiers that a provider, AWS or the engine draws; what stands before a `-` is their kind. */
const DRAWN = [
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/,
  /\b(?:vpc|subnet|sg|sgr)-[0-9a-f]{17}\b/,
  /\bdb-[A-Z0-9]{26}\b/,
  /(?<=:secret:[\w/-]+-)\w{6}\b/,
  /(?<="(?:uniqueId|policyId)":")\w+/,
];
const RANDOM_ID = "random:index/randomId:RandomId";
const DATABASE_PORT = "6543";

/**
 * A preview as text that the next recording of the same programs writes again, byte for byte: drawn identifiers are
 * numbered in the order of their appearance; steps, and lists of URNs, stand by their URNs, since their order is that in
 * which answers came. A step is a line.
 * @param port where the database of the recording was reached
 */
export function stableText(text: string, port: number): string {
  const { config = {}, steps, diagnostics = [], changeSummary } = prunedOf(text);
  const settings = Object.entries(config).filter(([key]) => !EMULATOR_SETTING.test(key));
  const said = diagnostics.filter((one) => !PLUGIN_NOTE.test((one as { message: string }).message));
  const lines = [...steps].sort((one, other) => (one.urn < other.urn ? -1 : one.urn > other.urn ? 1 : 0));
  const whole = [
    `{"config":${JSON.stringify(Object.fromEntries(settings), null, 1)},`,
    '"steps":[',
    lines.map((step) => JSON.stringify(step)).join(",\n"),
    "],",
    `"diagnostics":${JSON.stringify(said, null, 1)},`,
    `"changeSummary":${JSON.stringify(changeSummary)}}\n`,
  ].join("\n");
  return numbered(whole, randomIdsIn(steps)).replace(new RegExp(`\\b${port}\\b`, "g"), DATABASE_PORT);
}

function prunedOf(text: string): PrintedPreview {
  return JSON.parse(text, (key, value) => {
    if (LEFT_OUT.includes(key)) return undefined;
    return isListOfUrns(value) ? value.sort() : value;
  });
}

/** Such as dependencies, which the SDK keeps as a set. */
function isListOfUrns(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => String(one).startsWith("urn:pulumi:"));
}

/** Every form of the random identifiers, of which the length is drawn, too: a name may be made of any. */
function randomIdsIn(steps: readonly PrintedStep[]): string[] {
  const states = steps.flatMap(({ oldState, newState }) => [oldState, newState]);
  return states
    .filter((state) => state?.type === RANDOM_ID)
    .flatMap((state) => ["b64Std", "b64Url", "dec", "hex"].map((form) => state?.outputs?.[form]))
    .filter((form): form is string => typeof form === "string");
}

function numbered(text: string, randomIds: readonly string[]): string {
  const escaped = randomIds.map((one) => one.replace(/[+/=]/g, "\\$&"));
  const pattern = new RegExp([...DRAWN.map(({ source }) => source), ...escaped].join("|"), "g");
  const standIns = new Map<string, string>();
  return text.replace(pattern, (drawn) => {
    if (PLACEHOLDERS.includes(drawn)) return drawn;
    const known = standIns.get(drawn);
    if (known !== undefined) return known;
    const number = String(standIns.size + 1);
    const [kind = ""] = randomIds.includes(drawn) ? [] : (/^[a-z]+-(?=\w+$)/.exec(drawn) ?? []);
    const zeros = randomIds.includes(drawn) ? "00000000" : drawn.slice(kind.length).replace(/\w/g, "0");
    const standIn = kind + zeros.slice(0, -number.length) + number;
    standIns.set(drawn, standIn);
    return standIn;
  });
}
