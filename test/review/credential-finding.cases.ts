import { parsePreview } from "../../ops/review/preview";
import { review } from "../../ops/review/review";
import { plainOf } from "../../ops/review/sentence";

const PASSWORD = "random:index/randomPassword:RandomPassword";

/** The review's verdict and findings of a preview in which a password is replaced for another credential. */
function judged(stack: string, before: string, after: string, type = PASSWORD) {
  const urn = `urn:pulumi:${stack}::portal-db::portal-db:index:AppSchema$${type}::wms-${stack}-password`;
  const state = (credential: string) => ({
    type,
    custom: true,
    inputs: { length: 32, special: false, keepers: { credential } },
  });
  const step = { urn, oldState: state(before), newState: state(after), replaceReasons: ["keepers"] };
  const steps = ["create-replacement", "replace", "delete-replaced"].map((op) => ({ ...step, op }));
  const { verdict, groups } = review(parsePreview({ steps, changeSummary: { replace: 1 } }));
  return {
    verdict,
    findings: groups.flatMap(({ findings }) => findings.map(({ reason }) => plainOf(reason))),
  };
}

const replaced = (before: string, after: string) =>
  `changes: who still has the old one is locked out (keepers.credential ${before} → ${after})`;
const lowered = (before: number, after: number) =>
  `has a credential that goes down from ${before} to ${after}: the URL in use is closed, and no earlier one comes back; raise it instead`;

test("a credential that goes down is said to, and stops in prod", () => {
  expect(judged("prod", "3", "1")).toEqual({
    verdict: "blocks",
    findings: [lowered(3, 1), replaced("3", "1")],
  });
  expect(judged("dev", "12", "4")).toEqual({
    verdict: "interrupts",
    findings: [lowered(12, 4), replaced("12", "4")],
  });
});

test.each([
  ["1", "3"],
  ["9", "11"],
  ["3", "x"],
])("from %s to %s it is a password that changes, and no more", (before, after) => {
  expect(judged("prod", before, after)).toEqual({
    verdict: "interrupts",
    findings: [replaced(before, after)],
  });
});
