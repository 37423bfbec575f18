import type { QuestionAnswer, QuestionEntry, QuestionParams } from '../core/questions/question.js';
import type { LedgerState } from '../core/state.js';
import { isDigest } from '../core/ids.js';
import { selectedEvents } from './selectedEvents.js';
import { within, type Asked, type Selection } from './selection.js';

/** How a question about exceptions is asked so that it stays in a scope. */
export interface ScopedQuestion {
  readonly params: QuestionParams;
  /** What of the scope the question cannot be asked with, in words; its rows have to be narrowed afterwards. */
  readonly left: readonly string[];
  /** Its rows are about no event of a prompt, so that with something left it has no answer in the scope. */
  readonly isLeftOut: boolean;
}

/** Their rows are about people, and about the trail. */
const aboutNoPrompt: ReadonlySet<string> = new Set(['exceptions.reciprocal', 'exceptions.reviews']);

/** What of a scope a question is asked with, and what is left. */
export function scopedQuestion(
  { kind, needs, takes }: QuestionEntry,
  asked: Asked,
): ScopedQuestion {
  const { prompt, deployment, from, to } = asked;
  const env = asked.env ?? deployment?.env;
  const given: QuestionParams = {
    // The path of a redacted prompt is nobody's: without it the question would be about all prompts.
    ...(prompt?.path == null ? {} : { path: prompt.path }),
    ...(env === undefined ? {} : { env }),
    ...(from === null ? {} : { from }),
    ...(to === null ? {} : { to }),
  };
  const keys = new Set<string>([...needs, ...takes]);
  const params = Object.fromEntries(Object.entries(given).filter(([key]) => keys.has(key)));
  const left = [
    ...(prompt !== null && params['path'] === undefined ? ['prompt'] : []),
    ...(env !== undefined && params['env'] === undefined ? ['environment'] : []),
    ...(deployment !== null ? ['deployment'] : []),
  ];
  return { params, left, isLeftOut: left.length > 0 && aboutNoPrompt.has(kind) };
}

/** An answer's part that is about the events of a selection, with the population of them. */
export type Narrowing = (whole: QuestionAnswer) => QuestionAnswer;

/** Narrows answers to what stands for a selection: see selectedEvents; events of no prompt are not of it. */
export function narrowing(state: LedgerState, selection: Selection): Narrowing {
  const chosen = selectedEvents(state, selection);
  const own = chosen.filter((seq) => state.promptOfEvent(seq) !== undefined);
  const ids = new Set<string>(own.map((seq) => state.idAt(seq)));
  const isIn = within(selection.asked);
  const isAbout = (subject: unknown): boolean =>
    typeof subject === 'string' &&
    (ids.has(subject) ||
      (isDigest(subject) && state.withBytes(subject).some(({ id }) => ids.has(id))));
  const approvals = selection.versions.flatMap(({ decisions }) =>
    decisions.filter(
      ({ event }) => event.header.refs.decision === 'approved' && isIn(event.header.at),
    ),
  );
  const inPeriod = (seqs: readonly number[]): number =>
    seqs.filter((seq) => isIn(state.timeAt(seq))).length;
  const counts: Readonly<Record<string, () => number>> = {
    approvals: () => approvals.length,
    deployments: () => selection.deployments.length,
    events: () => inPeriod(own),
    signatures: () => inPeriod(chosen.filter((seq) => state.typeAt(seq) === 'signature.attached')),
    versions: () => selection.versions.filter(({ event }) => isIn(event.header.at)).length,
  };
  return (wide) => {
    // Its other numbers are of more than the scope.
    const whole: QuestionAnswer = { ...wide, counts: {} };
    const rows = whole.rows.filter((row) =>
      isAbout(row['deployment'] ?? row['signed'] ?? row['target'] ?? row['event']),
    );
    const { of } = whole.population;
    const count = counts[of];
    return {
      ...whole,
      rows,
      ...(whole.exceptions === undefined
        ? {}
        : { exceptions: rows.filter((row) => row['allowed'] === false).length }),
      population: { of, count: count === undefined ? whole.population.count : count() },
      caveats:
        count === undefined
          ? [
              ...whole.caveats,
              `All ${of} of the ledger were searched; only what is about this scope is shown.`,
            ]
          : whole.caveats,
    };
  };
}
