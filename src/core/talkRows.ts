import { upTo } from './eventRows.js';
import type { EventId } from './ids.js';
import { versionLabel } from './labels.js';
import type { LinePlace, LineRange } from './lineMap.js';
import { withRedactions } from './redactionRefs.js';
import type { PersonRef, RedactionRef } from './rows.js';
import type { NotSettledBecause, Settlement } from './settledTalk.js';
import type { LedgerState } from './state.js';
import { linesOfThread, type TalkThread } from './talk.js';

export interface CommentRow {
  readonly id: EventId;
  readonly seq: number;
  readonly by: PersonRef;
  /** The writer's clock, UTC. */
  readonly at: string;
  /** Null where it was redacted, or is withheld. */
  readonly text: string | null;
  /** Whether nobody sat at a terminal or an editor; null where it was redacted: then nobody can tell. */
  readonly unattended: boolean | null;
  /** False while only this clone has it. */
  readonly synced: boolean;
  /** Who redacted it; absent where nobody did. */
  readonly redactions?: readonly RedactionRef[];
}

/** Somebody resolved a thread, or opened it again. */
export interface ResolutionRow {
  readonly id: EventId;
  readonly seq: number;
  readonly resolved: boolean;
  readonly by: PersonRef;
  readonly at: string;
  readonly note: string | null;
  readonly redactions?: readonly RedactionRef[];
}

/** What people say about lines of a version, or about the whole of it. */
export interface ThreadRow {
  /** The first comment. */
  readonly id: EventId;
  readonly path: string;
  /** The version that it was said of. */
  readonly version: EventId;
  /** `v3`, or `v3?` while sync may still renumber it. */
  readonly label: string;
  /** Of that version's text; null: the whole version. */
  readonly lines: LineRange | null;
  readonly resolved: boolean;
  /** Whether it is resolved by somebody whose word counts for the policy. */
  readonly settled: boolean;
  /** Why a resolved one is not settled; null for one that is, and for an open one. */
  readonly notSettledBecause: NotSettledBecause | null;
  /** The first one and the answers, in the agreed order. */
  readonly comments: readonly CommentRow[];
  /** In the agreed order. */
  readonly acts: readonly ResolutionRow[];
}

/** A thread in sight of one text: of its own version, of a later one, of a draft. */
export interface PlacedThread extends ThreadRow {
  /** Null: the whole version. */
  readonly place: LinePlace | null;
  /** The lines of its own version that it is about; null: the whole version, or its text is not here. */
  readonly quote: string | null;
}

export interface ThreadView {
  readonly state: LedgerState;
  readonly syncedSize: number;
  /** For the version in whose sight the thread is. */
  readonly settlement: Settlement;
}

export function threadRow(
  { state, syncedSize, settlement }: ThreadView,
  thread: TalkThread,
): ThreadRow {
  const { first, replies, acts, version, resolved } = thread;
  return {
    id: first.event.id,
    path: version.prompt.path ?? version.event.body?.path ?? '(redacted path)',
    version: version.event.id,
    label: versionLabel(version, syncedSize),
    lines: linesOfThread(thread),
    resolved,
    settled: settlement.isSettled(thread),
    notSettledBecause: settlement.whyNot(thread),
    comments: [first, ...replies].map(({ seq, event }) => ({
      id: event.id,
      seq,
      by: state.persons.ref(event.header.who, upTo(seq)),
      at: event.header.at,
      text: event.body?.text ?? null,
      unattended: event.body === null ? null : event.body.identity === 'unattended',
      synced: seq <= syncedSize,
      ...withRedactions(state, [event.id]),
    })),
    acts: acts.map(({ seq, event }) => ({
      id: event.id,
      seq,
      resolved: event.header.refs.resolved,
      by: state.persons.ref(event.header.who, upTo(seq)),
      at: event.header.at,
      note: event.body?.note ?? null,
      ...withRedactions(state, [event.id]),
    })),
  };
}
