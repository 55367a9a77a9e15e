import { runReview } from "./command";
import { previewFrom, stepOf } from "./engine-preview";
import { StackProgram, TWO_APPS } from "./program-preview";

/** Planted one in each place; none may come out. */
const PLANTED = {
  oldPassword: "Old1Password2Plain3Zz",
  newPassword: "correct horse battery staple",
  wrapped: "wrapped-By-Signature-77",
  ciphered: "in-a-plaintext-field-88",
  secretOutput: "only-in-an-output-99",
  inUrl: "p%40ss-in-a-url",
  inJson: "inside-the-json-of-a-secret",
  inDescription: "Old1Password2Plain3Zz",
  inConfig: "adopted-login-password",
  inDiagnostic: "hunter2-in-a-message",
  generated: "aB3dE5gH7jK9mN1pQ3rS5tU7",
};
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

let document: string;

beforeAll(async () => {
  const prod = await StackProgram.of("prod", TWO_APPS);
  const login = prod.state("wms-prod-login");
  const value = prod.state("wms-prod-secret-value");
  const instance = prod.state("instance");
  const secret = prod.state("wms-prod-secret");
  const password = prod.state("wms-prod-password");
  const alarm = prod.state("alarms-cpu");
  const policy = prod.state("wms-prod-secret-read");
  const allowing = (Action: string) =>
    JSON.stringify({ Statement: [{ Effect: "Allow", Action, Resource: "*" }] });
  const as = (state: typeof login, inputs: object, more: object = {}) => ({
    ...state,
    inputs: { ...state.inputs, ...inputs },
    ...more,
  });
  const url = `postgresql://portal_wms:${PLANTED.inUrl}@host:5432/portal_db?schema=wms_prod`;
  const steps = [
    stepOf(
      as(login, { password: PLANTED.oldPassword }),
      as(login, { password: PLANTED.newPassword, searchPaths: ["wms_prod", PLANTED.newPassword] }),
    ),
    stepOf(
      as(value, { secretString: `{"DATABASE_URL":"${url}","password":"${PLANTED.inJson}"}` }),
      as(value, { secretString: { [SIGNATURE]: SECRET, value: PLANTED.wrapped } }),
    ),
    // Secrets in properties that are shown: names, descriptions, and in the matrix.
    stepOf(
      as(instance, { instanceClass: { [SIGNATURE]: SECRET, plaintext: `"${PLANTED.ciphered}"` } }),
      as(instance, { instanceClass: `db.${PLANTED.ciphered}`, identifier: `${PLANTED.inDescription}x` }),
    ),
    stepOf(secret, as(secret, { name: `portal-db/prod/${PLANTED.secretOutput}`, description: url })),
    stepOf(
      password,
      as(password, { keepers: { credential: "2" } }, { outputs: { result: PLANTED.secretOutput } }),
    ),
    stepOf(alarm, as(alarm, { name: PLANTED.wrapped })),
    // A rule quotes a part of a text, of which a word is a name besides.
    stepOf(undefined, as(policy, { policy: allowing(PLANTED.newPassword), description: "horse" })),
    stepOf(
      undefined,
      as(
        login,
        { name: PLANTED.inJson, roles: [PLANTED.newPassword] },
        { urn: `${login.urn}-${PLANTED.wrapped}` },
      ),
    ),
  ].map((step) => ({
    ...step,
    detailedDiff: { password: { kind: "update", old: PLANTED.oldPassword, new: PLANTED.newPassword } },
  }));
  document = JSON.stringify({
    ...previewFrom(steps),
    config: { "portal-db:adoptedLogins": `{"wms_prod":"${PLANTED.inConfig}"}`, "portal-db:apps": "{}" },
    diagnostics: [
      {
        severity: "error",
        message: `error: cannot connect to ${url}: password=${PLANTED.inDiagnostic} was ${PLANTED.generated}, then ${PLANTED.newPassword}`,
      },
    ],
  });
});

test.each([
  ["plain text", []],
  ["Markdown", ["--markdown"]],
  ["a comment", ["--comment"]],
  ["JSON", ["--json"]],
])("no planted secret comes out in %s", (_form, options) => {
  const { status, stdout, stderr } = runReview(["-", ...options], document);
  expect(status).toBe(2);
  expect(stderr).toBe("");
  // Neither line breaks nor code spans in the middle of one hide it.
  const text = stdout.replace(/[\s`']+/g, " ");
  const leaked = Object.entries(PLANTED).filter(
    ([, secret]) => stdout.includes(secret) || text.includes(secret),
  );
  expect(leaked).toEqual([]);
  expect(stdout).not.toContain(decodeURIComponent(PLANTED.inUrl));
  // What is not secret is still there.
  expect(stdout).toMatch(/login `?portal_wms/);
  expect(stdout).toContain("[secret]");
});

test("nor in an error: of a cut document, of one that is broken, of an allowance", () => {
  const cut = runReview(["-"], document.slice(0, document.indexOf(PLANTED.newPassword) + 10));
  const broken = runReview(["-"], document.replace(PLANTED.newPassword, `${PLANTED.newPassword}"`));
  const allowed = runReview(["-", "--allow", PLANTED.oldPassword, "--reason", "x"], document);
  const misshapen = runReview(["-"], JSON.stringify({ steps: [{ op: "update", urn: PLANTED.oldPassword }] }));
  for (const { status, stdout, stderr } of [cut, broken, allowed, misshapen]) {
    expect([status, stdout]).toEqual([1, ""]);
    expect(Object.values(PLANTED).filter((secret) => stderr.includes(secret))).toEqual([]);
  }
});
