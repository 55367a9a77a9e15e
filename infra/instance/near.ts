/** Letters that may be wrong in a name that is meant for another. */
const MOST_WRONG = 3;

/** The one of several names that another is likely meant for: few letters differ, for its length, or are in another order. */
export function nearest(written: string, names: readonly string[]): string | undefined {
  const [first] = names
    .map((name) => ({ name, wrong: distance(written, name) }))
    .filter(({ name, wrong }) => wrong <= Math.min(MOST_WRONG, Math.floor(name.length / 4)))
    .sort((a, b) => a.wrong - b.wrong);
  return first?.name;
}

/** How many letters have to be put in, taken out, changed or swapped. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const steps = [(last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (isSame ? 0 : 1)];
      row.push(Math.min(...steps, ...(isSwapped ? [(before[j - 2] ?? 0) + 1] : [])));
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
