import type { Answering } from './ground.js';

const unanswerable =
  (why: string): Answering =>
  () => ({
    columns: [],
    rows: [],
    population: { of: 'events', count: 0 },
    areExceptions: false,
    caveats: [],
    unanswerable: why,
  });

/** Q30. */
export const untested = unanswerable(
  'The ledger records no evaluations, so nothing says which version was tested. Keep the evaluation as the --ref of a deployment until it does.',
);

/** Q38. */
export const retention = unanswerable(
  'The ledger knows no retention periods and no legal holds: it keeps everything until somebody redacts it. What was redacted: prompt-audit exceptions redactions.',
);
