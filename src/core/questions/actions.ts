import { PromptAuditError } from '../errors.js';
import { eventRow } from '../eventRows.js';
import { shapeChecksByVersion } from '../eventShape.js';
import type { LedgerEvent } from '../event.js';
import type { PersonId } from '../ids.js';
import { columns } from './columns.js';
import { isInPeriod, periodCaveats, type Answering, type Ground } from './ground.js';
import { assertEnvironment, personNamed, promptIn } from './naming.js';
import type { AnswerRow } from './question.js';

/** Q27: what somebody did, or what was done at all, in the agreed order. `text` names an event type. */
export const actions: Answering = (ground, params) => {
  const { state, syncedSize } = ground;
  const { actor, env, text: type } = params;
  if (env !== undefined) assertEnvironment(ground, env);
  if (type !== undefined) assertType(ground, type);
  const prompt = promptIn(ground, params);
  const who = actor === undefined ? null : personNamed(ground, actor);
  const rows: AnswerRow[] = [];
  let count = 0;
  for (let seq = 1; seq <= state.size; seq++) {
    if (type !== undefined && state.typeAt(seq) !== type) continue;
    if (prompt !== null && state.promptOfEvent(seq) !== prompt.id) continue;
    const event = state.event(seq);
    if (!isInPeriod(event.header.at, params)) continue;
    if (env !== undefined && envOf(event) !== env) continue;
    count++;
    const as = who === null ? 'actor' : partOf(event, who);
    if (as === null) continue;
    const row = eventRow(state, syncedSize, seq, event);
    rows.push({
      at: row.at,
      who: row.who,
      as,
      what: row.summary,
      path: row.path,
      env: row.env,
      event: row.id,
      type: row.type,
      version: row.version,
      digest: row.digest,
      note: row.note,
      identity: event.body?.identity ?? null,
      tool: event.body?.tool ?? null,
      writer: event.header.writer,
      seq,
    });
  }
  return {
    columns: [
      columns.at,
      columns.who,
      { key: 'as', title: 'As', kind: 'text' },
      { key: 'what', title: 'What', kind: 'text' },
      columns.path,
      columns.event,
      { key: 'type', title: 'Type', kind: 'text', isDetail: true },
      { ...columns.env, isDetail: true },
      { ...columns.version, isDetail: true },
      { ...columns.digest, isDetail: true },
      columns.note,
      { key: 'identity', title: 'Identity', kind: 'text', isDetail: true },
      { key: 'tool', title: 'Tool', kind: 'text', isDetail: true },
      { key: 'writer', title: 'Clone', kind: 'text', isDetail: true },
      columns.seq,
    ],
    rows,
    population: { of: 'events', count },
    areExceptions: false,
    caveats: periodCaveats(params),
  };
};

/** Types of newer programs are known where they were recorded. Throws `usage`. */
function assertType({ state }: Ground, type: string): void {
  if (shapeChecksByVersion.some((checks) => Object.hasOwn(checks, type))) return;
  for (let seq = 1; seq <= state.size; seq++) if (state.typeAt(seq) === type) return;
  throw new PromptAuditError({
    code: 'usage',
    message: `There is no type of event "${type}".`,
    remedy: 'Name one such as review.decided or deployment.recorded, as docs/LEDGER.md lists them.',
  });
}

function envOf(event: LedgerEvent): string | null {
  if (!event.known) return null;
  const { env } = event.header.refs as { readonly env?: string | null };
  return env ?? null;
}

/** What part these ids had in an event; null: none. Commits name people who did not record them. */
function partOf(event: LedgerEvent, who: ReadonlySet<PersonId>): string | null {
  if (event.known && event.type === 'revision.observed') {
    const { author, committer = null, coAuthors = [] } = event.header.refs;
    if (who.has(author)) return 'author';
    if (coAuthors.some((id) => who.has(id))) return 'co-author';
    if (committer !== null && who.has(committer)) return 'committer';
  }
  if (event.known && (event.type === 'prompt.moved' || event.type === 'prompt.removed')) {
    const { author = null } = event.header.refs;
    if (author !== null && who.has(author)) return 'author';
  }
  return who.has(event.header.who) ? 'actor' : null;
}
