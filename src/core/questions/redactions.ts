import { isDigest } from '../ids.js';
import { redactedWhat } from '../redactedWhat.js';
import { redactionProblems } from '../redaction.js';
import { columns } from './columns.js';
import { isInPeriod, periodCaveats, type Answering } from './ground.js';
import { personAt } from './naming.js';

/** Q39: what was redacted, by whom and why, and whether the policy of then allowed it. */
export const redactionList: Answering = (ground, params) => {
  const { state, syncedSize } = ground;
  const rows = state.redactions.flatMap((redaction) => {
    const { seq, event } = redaction;
    const { target } = event.header.refs;
    if (!isInPeriod(event.header.at, params)) return [];
    const codes = redactionProblems(state, redaction).map(({ code }) => code);
    return [
      {
        at: event.header.at,
        who: personAt(ground, event.header.who, seq),
        what: redactedWhat(state, target, syncedSize),
        reason: event.body?.reason ?? null,
        allowed: codes.length === 0,
        reasons: codes,
        event: event.id,
        target,
        part: isDigest(target) ? 'content' : 'body',
        seq,
      },
    ];
  });
  return {
    columns: [
      columns.at,
      columns.who,
      { key: 'what', title: 'What', kind: 'text' },
      { key: 'reason', title: 'Reason', kind: 'text' },
      { key: 'allowed', title: 'Allowed', kind: 'flag' },
      columns.reasons,
      columns.event,
      { key: 'target', title: 'Target', kind: 'text', isDetail: true },
      { key: 'part', title: 'Part', kind: 'text', isDetail: true },
      columns.seq,
    ],
    rows,
    population: { of: 'events', count: state.size },
    counts: { notAllowed: rows.filter(({ allowed }) => !allowed).length },
    areExceptions: rows.some(({ allowed }) => !allowed),
    exceptions: rows.filter(({ allowed }) => !allowed).length,
    caveats: [
      "git keeps redacted bytes in old commits until the ledger branch's history is purged; verify tells of bytes that are still here.",
      ...periodCaveats(params),
    ],
  };
};
