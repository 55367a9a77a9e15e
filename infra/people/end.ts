const DAY_MS = 24 * 60 * 60 * 1000;

/** What the Pulumi CLI makes of a date that stands without quotes in a stack's file. */
const MIDNIGHT = " 00:00:00 +0000 UTC";

/**
 * The last day that a text means, e.g. `2027-01-31`.
 * @returns undefined for what is no day of the calendar
 */
export function lastDayIn(text: string): string | undefined {
  const day = text.endsWith(MIDNIGHT) ? text.slice(0, -MIDNIGHT.length) : text;
  const isDate = /^2\d{3}-\d{2}-\d{2}$/.test(day);
  const time = isDate ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  // JavaScript takes 2027-02-30 for a day of March.
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(day) ? day : undefined;
}

/** The moment in which a last day, in UTC, is over. */
const overAt = (lastDay: string): Date => new Date(Date.parse(`${lastDay}T00:00:00Z`) + DAY_MS);

/** Whether a last day is over. */
export function isOver(lastDay: string, now: Date): boolean {
  return now >= overAt(lastDay);
}

/** The end of a last day as IAM writes a time. */
export function endForIam(lastDay: string): string {
  return overAt(lastDay).toISOString().replace(".000Z", "Z");
}

/**
 * The end of a last day as a session of the server in UTC reads it back: written otherwise, each preview would show a
 * change.
 */
export function endForPostgres(lastDay: string): string {
  return `${overAt(lastDay).toISOString().slice(0, 10)} 00:00:00+00`;
}

/** The last day before a role's end; the end itself where it is not one of {@link endForPostgres}. */
export function lastDayBefore(validUntil: string): string {
  const day = /^(\d{4}-\d{2}-\d{2}) 00:00:00\+00$/.exec(validUntil)?.[1];
  if (day === undefined) return validUntil;
  return new Date(Date.parse(`${day}T00:00:00Z`) - DAY_MS).toISOString().slice(0, 10);
}
