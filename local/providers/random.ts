import { randomBytes, randomInt } from "node:crypto";
import { flagIn, type Handler, textIn, wholeIn } from "../engine/handler";
import type { Properties } from "../engine/values";

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const DIGITS = "0123456789";
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

function classesOf(inputs: Properties): readonly { signs: string; least: number }[] {
  const numeric = flagIn(inputs, "numeric", flagIn(inputs, "number", true));
  const special = textIn(inputs, "overrideSpecial") || SPECIAL;
  return [
    { signs: flagIn(inputs, "lower", true) ? LOWER : "", least: wholeIn(inputs, "minLower", 0) },
    {
      signs: flagIn(inputs, "upper", true) ? LOWER.toUpperCase() : "",
      least: wholeIn(inputs, "minUpper", 0),
    },
    { signs: numeric ? DIGITS : "", least: wholeIn(inputs, "minNumeric", 0) },
    { signs: flagIn(inputs, "special", true) ? special : "", least: wholeIn(inputs, "minSpecial", 0) },
  ];
}

function draw(signs: string, count: number): string[] {
  return Array.from({ length: count }, () => signs.charAt(randomInt(signs.length)));
}

/** A password drawn by the system's secure generator from the classes of signs that are asked for. */
export function generatePassword(inputs: Properties): string {
  const classes = classesOf(inputs);
  const all = classes.map(({ signs }) => signs).join("");
  if (all === "") throw new Error("a password needs at least one class of signs");
  const drawn = classes.flatMap(({ signs, least }) => (signs === "" ? [] : draw(signs, least)));
  drawn.push(...draw(all, Math.max(0, wholeIn(inputs, "length", 0) - drawn.length)));
  for (let last = drawn.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [drawn[last], drawn[other]] = [drawn[other] ?? "", drawn[last] ?? ""];
  }
  return drawn.join("");
}

/** `random:index/randomPassword:RandomPassword`: no input can be changed in place; internal/provider/resource_password.go. */
export const randomPassword: Handler = {
  replaceOn: true,
  defaults: { lower: true, upper: true, numeric: true, number: true, special: true },
  create: async (inputs) => ({ id: "none", outputs: { ...inputs, result: generatePassword(inputs) } }),
};

/** `random:index/randomId:RandomId`, likewise; internal/provider/resource_id.go. */
export const randomId: Handler = {
  replaceOn: true,
  create: async (inputs) => {
    const bytes = randomBytes(wholeIn(inputs, "byteLength", 8));
    const prefix = textIn(inputs, "prefix");
    const id = bytes.toString("base64url");
    const forms = {
      hex: prefix + bytes.toString("hex"),
      b64Url: prefix + id,
      b64Std: prefix + bytes.toString("base64"),
      dec: prefix + BigInt(`0x${bytes.toString("hex")}`).toString(),
    };
    return { id, outputs: { ...inputs, ...forms } };
  },
};
