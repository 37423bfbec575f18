import { PromptAuditError } from '../errors.js';
import { eventRow } from '../eventRows.js';
import { sha256Hex } from '../hash.js';
import type { Digest } from '../ids.js';
import { columns } from './columns.js';
import { decisionsIn } from './decisions.js';
import { isInPeriod, periodCaveats, type Answering, type Ground } from './ground.js';
import { deploymentsIn } from './judged.js';
import { promptIn } from './naming.js';
import type { QuestionParams } from './question.js';

const usualSample = 25;

/** What can be sampled. */
export const populations = ['deployments', 'changes', 'decisions'] as const;

/**
 * Q25, Q26: `count` (25) of a population, drawn by a seed that the auditor gives. Each event is ranked by the SHA-256 of
 * the text `SEED`, a newline and its id of 64 hex digits; the lowest are the sample, in that order. `digest`: SHA-256 of the ids of
 * the whole population in the agreed order, a newline after each.
 */
export const sample: Answering = (ground, params) => {
  const { state, syncedSize } = ground;
  const { text = '', count = usualSample, seed = '' } = params;
  if (seed.trim() === '')
    throw new PromptAuditError({
      code: 'usage',
      message: 'The seed is empty.',
      remedy: 'Let the auditor name one, such as a word and a date: it decides what is drawn.',
    });
  const seqs = populationOf(ground, params, text);
  const ids = seqs.map((seq) => state.idAt(seq));
  const ranked = seqs.map((seq, i) => ({ seq, rank: sha256Hex(`${seed}\n${ids[i]!}`) }));
  ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1));
  const drawn = ranked.slice(0, count);
  const [first, last] = [seqs[0], seqs.at(-1)];
  return {
    columns: [
      { key: 'place', title: 'No.', kind: 'number' },
      columns.at,
      columns.who,
      { key: 'what', title: 'What', kind: 'text' },
      columns.path,
      columns.event,
      { ...columns.version, isDetail: true },
      { ...columns.env, isDetail: true },
      { ...columns.digest, isDetail: true },
      { key: 'rank', title: 'Rank', kind: 'text', isDetail: true },
      columns.seq,
    ],
    rows: drawn.map(({ seq, rank }, i) => {
      const row = eventRow(state, syncedSize, seq);
      return {
        place: i + 1,
        at: row.at,
        who: row.who,
        what: row.summary,
        path: row.path ?? pathAt(ground, seq),
        event: row.id,
        version: row.version,
        env: row.env,
        digest: row.digest,
        rank,
        seq,
      };
    }),
    population: { of: text, count: seqs.length },
    counts: first === undefined ? {} : { firstSeq: first, lastSeq: last! },
    areExceptions: false,
    digest: `sha256:${sha256Hex(ids.map((id) => `${id}\n`).join(''))}` as Digest,
    summary: `Drawn with the seed "${seed}": the ${drawn.length} of ${seqs.length} ${text} whose SHA-256 of the seed, a newline and the event id is lowest.`,
    caveats: periodCaveats(params),
  };
};

function pathAt({ state }: Ground, seq: number): string | null {
  const id = state.promptOfEvent(seq);
  return id === undefined ? null : (state.prompt(id)?.path ?? null);
}

/** In the agreed order. Throws `usage`. */
function populationOf(ground: Ground, params: QuestionParams, kind: string): readonly number[] {
  switch (kind as (typeof populations)[number]) {
    case 'deployments':
      return deploymentsIn(ground, params).map(({ seq }) => seq);
    case 'decisions':
      return decisionsIn(ground, params, ['approved', 'changes-requested', 'rejected']).map(
        ({ decision }) => decision.seq,
      );
    case 'changes': {
      const prompt = promptIn(ground, params);
      return [...ground.state.versions.values()]
        .filter(
          (version) =>
            (prompt === null || version.prompt === prompt) &&
            isInPeriod(version.event.header.at, params),
        )
        .map(({ seq }) => seq)
        .sort((a, b) => a - b);
    }
    default:
      throw new PromptAuditError({
        code: 'usage',
        message: `"${kind}" cannot be sampled.`,
        remedy: `Name one of ${populations.join(', ')}.`,
      });
  }
}
