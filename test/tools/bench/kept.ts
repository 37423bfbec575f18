import { ratio, sideNames, type Row } from './row.js';

/**
 * What docs/bench.json keeps: ratios, which hold on any machine, and of rows without another side the
 * value with its unit. By a name that says all of that.
 */
export function keptValues(rows: readonly Row[]): Record<string, number> {
  const values: Record<string, number> = {};
  for (const row of rows) {
    if (row.unit === 'ms' && row.ours < shortest) continue;
    const name = `${row.what}, ${row.size.toLocaleString('en')} events`;
    if (row.keep) values[`${name}: ${row.unit}`] = rounded(row.ours);
    for (const side of sideNames) {
      const times = ratio(row, side);
      if (times !== undefined) values[`${name}: × ${side}`] = rounded(times);
    }
  }
  return values;
}

/** Milliseconds; what is shorter says more about the clock. */
const shortest = 0.1;

const rounded = (value: number): number => Number(value.toPrecision(3));
