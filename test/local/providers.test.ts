import { placesOf } from "../../local/places";
import { Providers } from "../../local/providers";
import { generatePassword } from "../../local/providers/random";

const { handlerOf } = new Providers(placesOf(), { postgresPort: 1, emulatorPort: 2 });

test("a type that the local platform does not know is an error that names it", () => {
  expect(() => handlerOf("aws:s3/bucket:Bucket")).toThrow(
    "the local platform does not know the resource type aws:s3/bucket:Bucket",
  );
});

test.each([
  [{ length: 32, special: false }, /^[A-Za-z0-9]{32}$/],
  [{ length: 12, special: false, upper: false, numeric: false }, /^[a-z]{12}$/],
  [{ length: 6, special: false, upper: false, lower: false }, /^[0-9]{6}$/],
  [{ length: 8, lower: false, upper: false, numeric: false, overrideSpecial: "_" }, /^_{8}$/],
])("a password of %j has its length and its signs", (inputs, form) => {
  expect(generatePassword(inputs)).toMatch(form);
});

test("a password has the least number of each class, and is another each time", () => {
  const inputs = { length: 20, minNumeric: 3, minUpper: 2, minSpecial: 1 };
  const password = generatePassword(inputs);
  expect(password.replace(/[^0-9]/g, "").length).toBeGreaterThanOrEqual(3);
  expect(password.replace(/[^A-Z]/g, "").length).toBeGreaterThanOrEqual(2);
  expect(password.replace(/[A-Za-z0-9]/g, "").length).toBeGreaterThanOrEqual(1);
  expect(generatePassword(inputs)).not.toBe(password);
});
