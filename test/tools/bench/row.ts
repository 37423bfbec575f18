import { median, quantile, type Samples } from './samples.js';

/** The other sides of a comparison: the physical limit, native SQLite, a bare git commit. */
export type SideName = 'limit' | 'sqlite' | 'git';

/** What must hold: our median as it is, or divided by that of a side, is at most this. */
export interface Bar {
  readonly of: 'ours' | SideName;
  readonly most: number;
}

/** One row of the table (DESIGN.md §11). */
export interface Row {
  readonly what: string;
  /** Events of the ledger. */
  readonly size: number;
  readonly unit: 'ms' | 'bytes' | 'MB' | '×';
  readonly ours: number;
  /** The tenth and the ninetieth percentile; null for what does not vary. */
  readonly spread: readonly [number, number] | null;
  readonly sides: Readonly<Partial<Record<SideName, number>>>;
  readonly bar: Bar | null;
  /** True where docs/bench.json keeps the value itself, because there is nothing to divide it by. */
  readonly keep: boolean;
}

export interface TimedRow {
  readonly what: string;
  readonly size: number;
  readonly ours: Samples;
  readonly sides?: Readonly<Partial<Record<SideName, Samples | null>>>;
  readonly bar?: Bar | null;
}

/** A row of medians in milliseconds. */
export function timedRow({ what, size, ours, sides = {}, bar = null }: TimedRow): Row {
  const medians: Partial<Record<SideName, number>> = {};
  for (const name of sideNames) {
    const samples = sides[name];
    if (samples) medians[name] = median(samples);
  }
  const spread = [quantile(ours, 0.1), quantile(ours, 0.9)] as const;
  const keep = Object.keys(medians).length === 0;
  return { what, size, unit: 'ms', ours: median(ours), spread, sides: medians, bar, keep };
}

/** A row of one number that is no time. */
export function plainRow(row: Pick<Row, 'what' | 'size' | 'unit' | 'ours'> & Partial<Row>): Row {
  return { spread: null, sides: {}, bar: null, keep: true, ...row };
}

export const sideNames: readonly SideName[] = ['limit', 'sqlite', 'git'];

/** Ours against one side; undefined where that side was not measured. */
export function ratio(row: Row, side: SideName): number | undefined {
  const other = row.sides[side];
  return other === undefined ? undefined : row.ours / other;
}

/** What the bar looks at; null where it cannot be told. */
export function barred({ bar, ...row }: Row): number | null {
  if (bar === null) return null;
  return bar.of === 'ours' ? row.ours : (ratio({ bar, ...row }, bar.of) ?? null);
}

/** Null where there is no bar, or nothing to compare with. */
export function passes(row: Row): boolean | null {
  const value = barred(row);
  return value === null ? null : value <= row.bar!.most;
}
