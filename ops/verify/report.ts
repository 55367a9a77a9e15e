import { type CatalogFinding, findingLine } from "../../access/undeclared/finding";
import { table } from "../../cli/table";
import type { DeclaredVisitor } from "../../infra/config/people";
import { namesOf } from "../../infra/names";
import { printable } from "../../infra/printable";
import type { Verified } from "./verify";

/** More things of one kind in one schema than this are one line. */
const MANY = 5;

/** Several findings that say the same of a schema's tables, or whatever kind it is, as one. */
function gathered(findings: readonly CatalogFinding[]): CatalogFinding[] {
  const groups = new Map<string, CatalogFinding[]>();
  const kindOf = ({ where }: CatalogFinding) => /^(\w+) (\w+)\./.exec(where)?.slice(1) ?? [];
  for (const one of findings) {
    const kind = kindOf(one);
    const key = JSON.stringify(kind.length === 0 ? one : [one.who, one.what, ...kind]);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || group.length <= MANY) return group;
    const [kind, schema] = kindOf(first);
    return [{ ...first, where: `${group.length} ${kind}s of ${schema}` }];
  });
}

/** Findings, a line each, under what mends them; what is to be typed stands below its finding. */
function findingLines(findings: readonly CatalogFinding[], stack: string): string[] {
  const of = (by: CatalogFinding["mend"]["by"]) => findings.filter(({ mend }) => mend.by === by);
  const lines = (by: "repair" | "up", command: string) => {
    const rows = gathered(of(by)).map((one) => `  ${findingLine(one)}`);
    return rows.length === 0 ? [] : [`mended by ${command}:`, ...rows, ""];
  };
  const [first] = of("reboot").map(({ mend }) => (mend.by === "reboot" ? mend.statement : ""));
  const waiting =
    first === undefined
      ? []
      : [
          "waits for a reboot, which nobody does for you:",
          ...of("reboot").map((one) => `  ${findingLine(one)}`),
          `    ${printable(first)}`,
          "",
        ];
  const typed = of("hand").flatMap((one) => [
    `  ${findingLine(one)}`,
    ...(one.mend.by === "hand" ? [`    ${printable(one.mend.statement)}`] : []),
  ]);
  return [
    ...lines("repair", `npm run ops -- repair ${stack}`),
    ...lines("up", `npx pulumi up --refresh --stack ${stack}`),
    ...waiting,
    ...(typed.length === 0 ? [] : ["mended by hand, when it is clear where it comes from:", ...typed, ""]),
  ];
}

/** Who reads what until when, one line each; whoever logs in by IAM is among them, and was not tried. */
function visitorTable(visitors: readonly DeclaredVisitor[]): string[] {
  const rows = visitors.map(({ names: { login, environment }, settings: { reads, until, iam } }) => [
    login,
    reads.map((app) => namesOf(app, environment).schema).join(", "),
    until ?? "no end",
    iam ? "IAM" : "password",
  ]);
  return rows.length === 0 ? [] : [table(["who reads", "schemas", "until", "logs in by"], rows), ""];
}

/** What was tried, one line an app, the cells that differ, and what nobody declares, if any. */
export function reportOf(
  { apps, differences, failures, findings, visitors, unknown, notCompared }: Verified,
  stack: string,
  on: string,
): string {
  const tried = apps.map(({ schema, login, probed }) => {
    const own = probed.differences.length;
    return [
      schema,
      login,
      String(probed.roles.length),
      String(probed.schemas.length),
      String(probed.cells),
      own === 0 ? "as declared" : `${own} differ`,
    ];
  });
  const cells = apps.reduce((sum, { probed }) => sum + probed.cells, 0);
  const differing = differences.map(({ role, place, right, declared, found }) =>
    [role, place, right, declared, found].map(printable),
  );
  const isFine = differences.length === 0 && failures.length === 0 && findings.length === 0;
  const where = `stack ${stack} on ${on}`;
  return [
    ...(tried.length === 0
      ? []
      : [table(["schema", "login", "roles", "schemas", "cells", "result"], tried), ""]),
    ...visitorTable(visitors),
    ...(differing.length === 0
      ? []
      : [table(["role", "schema or role", "right", "declared", "found"], differing), ""]),
    ...findingLines(findings, stack),
    ...(unknown.length === 0
      ? []
      : [`not looked at: environments ${unknown.map(printable).join(", ")} of stacks without a file here`]),
    ...(notCompared.length === 0
      ? []
      : ["not compared:", ...notCompared.map((one) => printable(`  ${one}`)), ""]),
    ...failures.map((failure) => printable(`not tried: ${failure}`)),
    isFine
      ? `${where}: ${cells} cells tried, all as declared`
      : `${where}: ${cells} cells tried, ${differences.length} differ, ${failures.length} not tried; ` +
        `${findings.length} found in the catalogs`,
  ].join("\n");
}
