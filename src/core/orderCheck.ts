import { countBefore } from './causality.js';
import type { EventOf, LedgerEvent } from './event.js';
import { maxParents } from './headerFrame.js';
import type { EventId } from './ids.js';
import type { Finding } from './rows.js';
import { retirementsOf } from './promotion.js';
import type { LedgerState, Placed, PromptRecord, VersionRecord } from './state.js';

/** How far clocks of honest people go apart; milliseconds. */
export const clockTolerance = 5 * 60_000;

/**
 * What the order of an event and its clock show (docs/LEDGER.md, "Findings"): a clock that runs against the
 * chain, a place that nobody can prove, and parents that say less than the event itself. All of them
 * are warnings: the bytes are intact. `now`: the verifier's clock, milliseconds since 1970.
 */
export function orderFindings(
  state: LedgerState,
  event: LedgerEvent,
  seq: number,
  now: number,
): readonly Finding[] {
  const found: Finding[] = [];
  const add = (problem: Problem | null): void => {
    if (problem) found.push({ ...problem, severity: 'warning', seq, event: event.id });
  };
  const clock = clockFinding(state, { at: event.header.at, id: event.id }, seq, now);
  if (clock !== null) found.push(clock);
  if (event.known) {
    for (const problem of concurrencyProblems(state, event, seq)) add(problem);
    if (event.type === 'version.proposed') add(understated(state, event, seq));
  }
  return found;
}

/** Of these findings the one about the clock of the event that claims `at`; null where there is none. */
export function clockFinding(
  state: LedgerState,
  { at, id }: { readonly at: string; readonly id: EventId },
  seq: number,
  now: number,
): Finding | null {
  const problem = clockProblem(state, at, seq, now);
  return problem && { ...problem, severity: 'warning', seq, event: id };
}

type Problem = Pick<Finding, 'code' | 'message' | 'expected' | 'found' | 'remedy'>;

function clockProblem(state: LedgerState, at: string, seq: number, now: number): Problem | null {
  const latest = latestOf(state.parentsOf(seq).map((parent) => timeOf(state, parent)));
  // Times have one form, so their texts compare like the times; most events need no more.
  if (latest !== undefined && at < latest && Date.parse(latest) - Date.parse(at) > clockTolerance) {
    return {
      code: 'clock.backwards',
      message: `Event ${seq} claims a time before that of an event which its writer had seen.`,
      expected: `${latest} or later`,
      found: at,
      remedy:
        'Go by the order of events, not by this clock. Ask its author whether the clock was wrong.',
    };
  }
  if (Date.parse(at) - now > clockTolerance) {
    return {
      code: 'clock.future',
      message: `Event ${seq} claims a time that has not come yet.`,
      expected: `${new Date(now).toISOString()} or earlier`,
      found: at,
      remedy:
        'Check the clock of this computer, then that of its author. The order of events stands.',
    };
  }
  return null;
}

const timeOf = (state: LedgerState, seq: number): string => (seq === 0 ? '' : state.timeAt(seq));

const latestOf = (times: readonly string[]): string | undefined =>
  times.reduce<string | undefined>((a, b) => (a === undefined || b > a ? b : a), undefined);

/** A deployment and what speaks against its version, of which neither had seen the other. */
function concurrencyProblems(
  state: LedgerState,
  event: LedgerEvent & { readonly known: true },
  seq: number,
): readonly Problem[] {
  if (state.causality.firstUnseen(seq) === seq) return [];
  const isUnseen = (other: Placed): boolean =>
    other.seq < seq && !state.causality.isAncestor(other.seq, seq);
  switch (event.type) {
    case 'deployment.recorded': {
      const version = state.versions.get(event.header.refs.version);
      if (version === undefined) return [];
      const against = some(objectionsTo(state, version), isUnseen);
      const { prompt } = version;
      const retired = event.header.refs.outcome === 'succeeded' ? prompt : null;
      return [
        ...against.map((other) => concurrent(version, seq, other.seq, other.event.id)),
        ...retirementsUnseen(state, retired, seq).map((id) =>
          retiredBeside(prompt, seq, state.seqOf(id)!, id),
        ),
      ];
    }
    case 'review.decided':
      if (event.header.refs.decision === 'approved') return [];
      return deployedUnseen(state, event.header.refs.version, seq, isUnseen);
    case 'prompt.retired': {
      const prompt = event.header.prompt && state.prompt(event.header.prompt);
      if (!prompt) return [];
      return some(prompt.deployments, (one) => one.succeeded && isUnseen(one)).map((one) =>
        retiredBeside(prompt, one.seq, seq, one.id),
      );
    }
    case 'version.withdrawn':
      return deployedUnseen(state, event.header.refs.version, seq, isUnseen);
    case 'review.revoked': {
      const version = state.decisions.get(event.header.refs.decision);
      return version ? deployedUnseen(state, version.event.id, seq, isUnseen) : [];
    }
    default:
      return [];
  }
}

/** Events that one event is told to be concurrent with; pairs of many with many would fill the memory. */
const mostConcurrent = 50;

function some<T>(all: Iterable<T>, fits: (one: T) => boolean): readonly T[] {
  const found: T[] = [];
  for (const one of all) {
    if (fits(one) && found.push(one) === mostConcurrent) break;
  }
  return found;
}

/** Decisions against a version, its withdrawals, and what revokes an approval of it. */
function objectionsTo(state: LedgerState, version: VersionRecord): readonly Placed[] {
  const { decisions, withdrawals, event } = version;
  return [
    ...decisions.filter((d) => d.event.header.refs.decision !== 'approved'),
    ...withdrawals,
    ...state.revocations.filter(
      (r) => state.decisions.get(r.event.header.refs.decision)?.event.id === event.id,
    ),
  ];
}

function retirementsUnseen(
  state: LedgerState,
  prompt: PromptRecord | null,
  seq: number,
): readonly EventId[] {
  if (prompt === null) return [];
  return retirementsOf(state, prompt, (o) => o < seq && !state.causality.isAncestor(o, seq));
}

function retiredBeside(
  { path }: PromptRecord,
  deployment: number,
  retirement: number,
  other: EventId,
): Problem {
  return {
    code: 'order.concurrent',
    message: `Event ${deployment} deployed ${path ?? 'a prompt'}, event ${retirement} retired it, and neither had seen the other.`,
    expected: 'one of them before the other',
    found: other,
    remedy: 'Nobody can prove which came first. Undeploy it where it is active and should not be.',
  };
}

function deployedUnseen(
  state: LedgerState,
  id: EventId,
  seq: number,
  isUnseen: (other: Placed) => boolean,
): readonly Problem[] {
  const version = state.versions.get(id);
  if (version === undefined) return [];
  return some(
    version.prompt.deployments,
    (d) => d.event.header.refs.version === id && isUnseen(d),
  ).map((d) => concurrent(version, d.seq, seq, d.event.id));
}

function concurrent(
  { number, prompt }: VersionRecord,
  deployment: number,
  objection: number,
  other: EventId,
): Problem {
  return {
    code: 'order.concurrent',
    message: `Event ${deployment} deployed v${number} of ${prompt.path ?? 'a prompt'}, event ${objection} speaks against it, and neither had seen the other.`,
    expected: 'one of them before the other',
    found: other,
    remedy: 'Nobody can prove which came first. Review the version that is active now.',
  };
}

/** Whoever numbers a version 5 has seen four: events that its parents do not lead to were left out. */
function understated(
  state: LedgerState,
  event: EventOf<'version.proposed'>,
  seq: number,
): Problem | null {
  const { prompt: id, refs, parents } = event.header;
  const versions = (id && state.prompt(id)?.versions) || [];
  // Beyond the limit of parents the next events take what is left.
  if (parents.length >= maxParents || refs.number <= 1) return null;
  const unseen = state.causality.countUnseen(versions, seq);
  const seen = 1 + countBefore(versions, seq) - unseen;
  if (seen >= refs.number) return null;
  return {
    code: 'parents.understated',
    message: `Event ${seq} numbers its version ${refs.number}, but the events that it builds on have only ${seen - 1}.`,
    expected: `at most ${seen}`,
    found: String(refs.number),
    remedy: 'Its writer had seen more than the event says. Ask its author.',
  };
}
