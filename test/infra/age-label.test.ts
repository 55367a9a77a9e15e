import { ageLabel } from "../../infra/age-label";

test("an ephemeral stack's key has the day of its first deployment, and later ones ignore theirs", () => {
  expect(ageLabel("pr-42", new Date("2026-11-24T23:59:59Z"))).toEqual({
    tags: { created: "2026-11-24" },
    ignoreChanges: ["tags.created"],
  });
});

test.each(["prod", "dev"])("%s stays, whatever its age", (stack) => {
  expect(ageLabel(stack, new Date())).toBeUndefined();
});
