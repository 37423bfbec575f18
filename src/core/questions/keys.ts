import { signatureRowAt } from '../signatures.js';
import { eventRow } from '../eventRows.js';
import { columns } from './columns.js';
import { isInPeriod, periodCaveats, type Answering } from './ground.js';
import { personAt } from './naming.js';
import type { AnswerRow } from './question.js';

/** Q35: signatures that count for nothing, such as by a key that was not valid when it signed. */
export const keyFaults: Answering = (ground, params) => {
  const { state, syncedSize } = ground;
  const rows: AnswerRow[] = [];
  const keys = new Set<string>();
  let count = 0;
  for (const seq of state.seqsOfType('signature.attached')) {
    const event = state.event(seq);
    if (!event.known || event.type !== 'signature.attached') continue;
    if (!isInPeriod(event.header.at, params)) continue;
    count++;
    const signature = signatureRowAt(state, event, seq);
    if (signature?.fingerprint != null) keys.add(signature.fingerprint);
    if (signature?.status === 'good') continue;
    const signedAt = state.seqOf(event.header.refs.event);
    const signed = signedAt === undefined ? null : eventRow(state, syncedSize, signedAt);
    rows.push({
      at: event.header.at,
      who: signed?.who ?? personAt(ground, event.header.who, seq),
      status: signature?.status ?? 'unreadable',
      fingerprint: signature?.fingerprint ?? null,
      signed: event.header.refs.event,
      what: signed?.summary ?? null,
      path: signed?.path ?? null,
      event: event.id,
      keyType: signature?.keyType ?? null,
      principals: signature?.principals ?? null,
      seq,
    });
  }
  return {
    columns: [
      columns.at,
      { ...columns.who, title: 'Signed as' },
      { key: 'status', title: 'Status', kind: 'text' },
      { key: 'fingerprint', title: 'Key', kind: 'text' },
      { key: 'signed', title: 'Signs', kind: 'event' },
      { key: 'what', title: 'What', kind: 'text' },
      columns.path,
      columns.event,
      { key: 'keyType', title: 'Kind of key', kind: 'text', isDetail: true },
      { key: 'principals', title: 'Known as', kind: 'text', isDetail: true },
      columns.seq,
    ],
    rows,
    population: { of: 'signatures', count },
    counts: { keys: keys.size },
    areExceptions: true,
    caveats: [
      "When a key signed is by the clock of who attached the signature. A key that was stolen signs like its owner's.",
      ...periodCaveats(params),
    ],
  };
};
