const KIB = 1024;
const SIZES = ["bytes", "kB", "MB", "GB", "TB"] as const;

/** For people, as `pg_size_pretty` has it: `12 MB`; a kB is 1024 bytes. */
export function bytesText(bytes: number): string {
  let [size, index] = [bytes, 0];
  while (size >= KIB && index < SIZES.length - 1) [size, index] = [size / KIB, index + 1];
  return `${index === 0 || size >= 10 ? Math.round(size) : size.toFixed(1)} ${SIZES[index]}`;
}

const [MINUTE, HOUR, DAY] = [60, 3600, 86_400];

/** For people, in its two largest units: `3 h 20 min`. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (large: number, name: string, small: number, smallName: string): string => {
    const rest = Math.floor((whole % large) / small);
    return `${Math.floor(whole / large)} ${name}${rest === 0 ? "" : ` ${rest} ${smallName}`}`;
  };
  if (whole < MINUTE) return `${whole} s`;
  if (whole < HOUR) return two(MINUTE, "min", 1, "s");
  return whole < DAY ? two(HOUR, "h", MINUTE, "min") : two(DAY, "d", HOUR, "h");
}

/** For people: `1,234,567`. */
export function countOf(number: number): string {
  return number.toLocaleString("en-US");
}

/** A share in percent, rounded down; 0 of nothing. */
export function percentOf(part: number, whole: number): number {
  return whole <= 0 ? 0 : Math.floor((part / whole) * 100);
}

/** SQL that gives a time as JSON has it: `2026-11-27T08:00:00Z`. */
export const utcText = (time: string): string =>
  `to_char(${time} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
