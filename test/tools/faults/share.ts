/** Whether this run takes everything, as `--whole` asks. */
export const isWhole = process.env['PROMPT_AUDIT_FAULTS'] === 'all';

/** Of each so many points one runs in `npm test`; `npm run test:faults` runs all. */
const every = isWhole ? 1 : 13;

/**
 * The points that this run takes, the same ones in each run: those that `matter` always, unless each takes
 * long; then fewer of all.
 */
export function sample<T>(
  all: readonly T[],
  matters: (one: T) => boolean,
  isSlow = false,
): readonly T[] {
  const step = isSlow && every > 1 ? every * 5 : every;
  return all.filter((one, at) => at % step === 0 || (!isSlow && matters(one)));
}

/** How many of so many random cases this run takes. */
export const share = (whole: number): number => Math.ceil(whole / every);
