import { credentialsOf } from "../../infra/app/access";
import { parseAdminSecret } from "../../infra/database/admin-credentials";
import { namesOf } from "../../infra/names";

const first = (number: number) => ({ number, login: "portal_wms", suffix: "" });
const second = (number: number) => ({ number, login: "portal_wms_2", suffix: "-2" });

test.each([
  [1, [first(1)]],
  [2, [first(1), second(2)]],
  [3, [first(3), second(2)]],
  [4, [first(3), second(4)]],
  [101, [first(101), second(100)]],
])("credential %d is valid beside the one before it, and no other", (number, credentials) => {
  expect(credentialsOf(namesOf("wms", "prod"), number)).toEqual(credentials);
});

test("a rotation changes the password of the login that is not in use, and of no other", () => {
  for (let number = 1; number < 10; number++) {
    const before = credentialsOf(namesOf("wms", "dev"), number);
    const after = credentialsOf(namesOf("wms", "dev"), number + 1);
    expect(after).toContainEqual(before.find((credential) => credential.number === number));
  }
});

test("the admin's secret is read for its user and password alone", () => {
  const text = JSON.stringify({
    engine: "postgres",
    host: "db",
    username: "ecomos_admin",
    password: "Secret1",
  });
  expect(parseAdminSecret(text)).toEqual({ username: "ecomos_admin", password: "Secret1" });
});

test.each([
  "hunter2",
  "",
  "null",
  "[]",
  '"hunter2"',
  '{"username":"hunter2"}',
  '{"password":"hunter2"}',
  '{"username":1,"password":"hunter2"}',
  '{"username":"ecomos_admin","password":"hunter2"',
])("an admin's secret that is not as prod writes it (case %#) is refused without any part of it", (text) => {
  expect(() => parseAdminSecret(text)).toThrow(
    new Error(
      "the secret portal-db/admin is not JSON with username and password; deploy the prod stack, which writes it",
    ),
  );
});
