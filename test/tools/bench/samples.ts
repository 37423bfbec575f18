import { performance } from 'node:perf_hooks';

/** What one side of a comparison took, round by round: milliseconds, or bytes. */
export type Samples = readonly number[];

/** The value below which a share of the samples lies; 0.5 is the median. */
export function quantile(samples: Samples, share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const median = (samples: Samples): number => quantile(samples, 0.5);

/** A side measures itself, because what it starts and waits for is not always what it took. */
export type Side = (round: number) => number | Promise<number>;

/** Milliseconds of some work. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Runs all sides once a round, so that what the machine does besides hits all of them alike. */
export async function interleaved<Name extends string>(
  rounds: number,
  sides: Readonly<Record<Name, Side>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(sides) as Name[];
  const taken = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<
    Name,
    number[]
  >;
  for (let round = 0; round < rounds; round++)
    for (const name of names) taken[name].push(await sides[name](round));
  return taken;
}
