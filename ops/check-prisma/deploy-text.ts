import { basename } from "node:path";
import { DATABASE } from "../../infra/names";
import type { LineFinding } from "./finding";
import {
  NODE_UNVERIFIED,
  optionsIn,
  optionsProblem,
  readableUrl,
  tlsProblem,
  withoutVariables,
} from "./url-problems";
import { isNear } from "./written-url";

/** Files by which an app is deployed: what they set is production's, unless their name or a line says otherwise. */
const DEPLOYS = /^(Dockerfile.*|Procfile|package\.json|.*\.(ya?ml|toml|sh|service|tf))$/;
const ELSEWHERE = /(^|[^a-z])(dev|development|test|tests|e2e|ci|local|example)([^a-z]|$)/i;

/** What other tools put in for a value that only a deploy knows. */
const FILLED = /\$\{\{.*?\}\}|\{\{.*?\}\}|\$\([^)]*\)/g;
const UNVERIFIED = /\bNODE_TLS_REJECT_UNAUTHORIZED["']?\s*[:=]\s*["']?0\b/;

/** What is wrong with how production connects, in a text that deploys an app; the URL itself is never repeated. */
export function deployTextProblems(file: string, text: string): LineFinding[] {
  if (!DEPLOYS.test(basename(file)) || ELSEWHERE.test(basename(file))) return [];
  return text.split("\n").flatMap((content, index) => {
    const at = (message: string | undefined): LineFinding[] =>
      message === undefined ? [] : [{ line: index + 1, message }];
    if (/^\s*(#|\/\/)/.test(content) || ELSEWHERE.test(content.replace(/postgres\S*/g, ""))) return [];
    if (UNVERIFIED.test(content)) return at(NODE_UNVERIFIED);
    const [written] = /postgres(ql)?:\/\/[^\s"'`]+/.exec(content.replace(FILLED, "$${X}")) ?? [];
    const url = written === undefined ? undefined : readableUrl(withoutVariables(written));
    if (url === undefined || url.pathname !== `/${DATABASE}` || isNear(url.hostname)) return [];
    const { searchParams } = url;
    const options = optionsProblem(optionsIn(searchParams), searchParams.get("schema"));
    return [...at(tlsProblem(searchParams, "verify-full")), ...at(options)];
  });
}
