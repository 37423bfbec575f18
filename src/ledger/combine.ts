import type { LedgerEvent } from '../core/event.js';
import type { EventId, LedgerId } from '../core/ids.js';
import type { Finding } from '../core/rows.js';
import { checkAttachments } from './attachmentCheck.js';
import { addAttachments, noAttachments, type Attachments } from './attachments.js';
import { checkChain } from './chainCheck.js';
import type { FoldRecord, SeenCheckpoint } from './cloneState.js';
import { finding, firstError, hasError, restoreRemedy } from './findings.js';
import type { JournalTransaction } from './journalCodec.js';
import { judgeDamage, lostLineRemedy, type JournalState } from './journalDamage.js';
import { rootOf } from './memory.js';
import { restoredOrder } from './restore.js';
import type { LedgerFile } from './sqliteFile.js';

/** All places where events of one ledger stand. */
export interface LedgerSources {
  /** The ledger that this clone is bound to; null before the first contact. */
  readonly pinned: LedgerId | null;
  readonly file: (LedgerFile & { readonly sha256: string }) | null;
  /** What the file held when it was written last, as far as this clone remembers. */
  readonly record: FoldRecord | null;
  readonly journal: {
    readonly ledger: LedgerId | null;
    readonly transactions: readonly JournalTransaction[];
    readonly state: JournalState;
  };
  readonly seen: SeenCheckpoint | null;
  /** Reads the local ledger ref; asked only when the file does not hold the synced part. */
  readonly readRef: () => Promise<LedgerFile | null>;
}

/** Absent; as it should be; lacking events that are known; broken or replaced. */
export type FileState = 'absent' | 'good' | 'behind' | 'broken';

export interface Combined {
  readonly ledger: LedgerId | null;
  readonly order: readonly LedgerEvent[];
  /** Number of the leading events that the shared branch has. */
  readonly synced: number;
  readonly attachments: Attachments;
  readonly findings: readonly Finding[];
  /** Why nothing may be written; null when it may. */
  readonly refusal: Finding | null;
  readonly file: FileState;
  /** Events that stand in the file and nowhere else. */
  readonly orphans: readonly LedgerEvent[];
}

/** One ledger from all its sources: the ref's order first, then the file's, then the journal's. */
export async function combine(sources: LedgerSources): Promise<Combined> {
  const findings: Finding[] = [...(sources.file?.findings ?? [])];
  const ledger =
    sources.pinned ??
    sources.journal.ledger ??
    sources.file?.ledger ??
    (await sources.readRef())?.ledger ??
    null;
  const journal = entriesOf(sources, ledger, findings);
  const trusted = judgeFile(sources, ledger, findings);
  const synced = await syncedPart(sources, ledger, trusted, findings);

  const known = union([synced.events, journal.events]);
  const rows = sources.file?.ledger === ledger ? (sources.file?.events ?? []) : [];
  const rowEvents = rows.map((row) => row.event);
  let order: readonly LedgerEvent[] = union([synced.events, rowEvents, journal.events]);
  let file: FileState = 'good';
  let refusal: Finding | null = null;
  if (sources.file === null) {
    file = 'absent';
    refusal = lossOf(sources.record, order, findings);
  } else if (!trusted) {
    file = 'broken';
    const restored = restoredOrder({
      rows,
      known,
      synced: synced.events.length,
      record: sources.record,
    });
    if (restored) order = restored;
    else refusal = firstError(findings) ?? null;
  } else if (
    order.length > rows.length ||
    order.some((event, at) => event.id !== rowEvents[at]?.id)
  ) {
    file = 'behind';
  }

  order = withBodies(order, [synced.events, rowEvents, journal.events]);
  const attachments = noAttachments();
  for (const part of [synced.attachments, sources.file?.attachments, journal.attachments]) {
    if (part) addAttachments(attachments, part);
  }
  if (file !== 'good') {
    const placed = order.map((event, at) => ({ seq: at + 1, event }));
    let problems = [...checkChain(placed), ...checkAttachments(placed, attachments)];
    // What a line of the journal held that was never folded, no other clone can give back.
    if (refusal === null && sources.journal.state.damage.length > 0) {
      problems = problems.map((problem) => ({ ...problem, remedy: lostLineRemedy }));
    }
    findings.push(...problems.filter((problem) => !hasSame(findings, problem)));
    refusal ??= firstError(problems) ?? null;
  }
  findings.push(
    ...judgeDamage(sources.journal.state, {
      order,
      attachments,
      record: sources.record,
      refused: refusal !== null,
    }),
  );
  const elsewhere = new Set(known.map((event) => event.id));
  const orphans = trusted ? rowEvents.filter((event) => !elsewhere.has(event.id)) : [];
  return {
    ledger,
    order,
    synced: synced.events.length,
    attachments,
    findings,
    refusal,
    file,
    orphans,
  };
}

interface Part {
  readonly events: readonly LedgerEvent[];
  readonly attachments: Attachments;
}

function entriesOf(sources: LedgerSources, ledger: LedgerId | null, findings: Finding[]): Part {
  const events: LedgerEvent[] = [];
  const attachments = noAttachments();
  const { journal } = sources;
  if (journal.ledger !== null && journal.ledger !== ledger) {
    findings.push(foreign('The journal', ledger, journal.ledger));
    return { events, attachments };
  }
  for (const entry of journal.transactions.flat()) {
    if (entry.kind === 'event') events.push(entry.event);
    else if (entry.kind === 'content')
      attachments.contents.set(entry.content.digest, entry.content);
    else attachments.signatures.set(entry.signature.digest, entry.signature);
  }
  return { events, attachments };
}

/** Whether the file may bring events of its own: nothing is broken, and it extends what was written last. */
function judgeFile(sources: LedgerSources, ledger: LedgerId | null, findings: Finding[]): boolean {
  const { file, record } = sources;
  if (file === null || hasError(file.findings)) return false;
  if (file.ledger !== null && file.ledger !== ledger) {
    findings.push(foreign('ledger.sqlite', ledger, file.ledger));
    return false;
  }
  if (record === null || record.sha256 === file.sha256) return true;
  const events = file.events.map((row) => row.event);
  if (rootOf(events, record.size) === record.root) return true;
  const known = sources.journal.transactions.flat();
  const byId = new Set(known.flatMap((entry) => (entry.kind === 'event' ? [entry.event.id] : [])));
  const strange =
    byId.size > 0 && events.length >= record.size
      ? file.events.find((row) => !byId.has(row.event.id))
      : undefined;
  findings.push(
    finding({
      code: 'file.replaced',
      message: `ledger.sqlite was replaced: it does not hold the ${record.size} events that were written to it.`,
      seq: strange?.seq ?? null,
      event: strange?.event.id ?? null,
      expected: `${record.size} events with root ${record.root}`,
      found: `${events.length} events`,
      remedy: restoreRemedy,
    }),
  );
  return false;
}

async function syncedPart(
  sources: LedgerSources,
  ledger: LedgerId | null,
  trusted: boolean,
  findings: Finding[],
): Promise<Part> {
  const { file, seen } = sources;
  if (trusted && file && seen) {
    const events = file.events.map((row) => row.event);
    if (rootOf(events, seen.size) === seen.root) {
      return { events: events.slice(0, seen.size), attachments: file.attachments };
    }
  }
  const ref = await sources.readRef();
  if (ref === null || ref.ledger !== ledger) {
    if (ref !== null) findings.push(foreign('The local ledger ref', ledger, ref.ledger));
    if (seen !== null) findings.push(behindSeen(seen, 'there is none'));
    return { events: [], attachments: noAttachments() };
  }
  findings.push(
    ...ref.findings.map((problem) => ({
      ...problem,
      message: `In the local ledger ref: ${problem.message}`,
    })),
  );
  const events = ref.events.map((row) => row.event);
  if (seen !== null && rootOf(events, seen.size) !== seen.root) {
    findings.push(behindSeen(seen, `${events.length} events`));
  }
  return { events, attachments: ref.attachments };
}

function union(parts: readonly (readonly LedgerEvent[])[]): LedgerEvent[] {
  const seen = new Set<EventId>();
  const all: LedgerEvent[] = [];
  for (const event of parts.flat()) {
    if (seen.has(event.id)) continue;
    seen.add(event.id);
    all.push(event);
  }
  return all;
}

/** A body that one place lost is taken from another. */
export function withBodies(
  order: readonly LedgerEvent[],
  parts: readonly (readonly LedgerEvent[])[],
): readonly LedgerEvent[] {
  const lacking = new Set(
    order.filter((event) => event.bodyText === null).map((event) => event.id),
  );
  if (lacking.size === 0) return order;
  for (const event of order) {
    if (event.known && event.type === 'redacted')
      lacking.delete(event.header.refs.target as EventId);
  }
  const full = new Map<EventId, LedgerEvent>();
  for (const event of parts.flat()) {
    if (event.bodyText !== null && lacking.has(event.id)) full.set(event.id, event);
  }
  return order.map((event) => full.get(event.id) ?? event);
}

/** A file that is gone, and more with it than the journal and the ref give back. */
function lossOf(
  record: FoldRecord | null,
  order: readonly LedgerEvent[],
  findings: Finding[],
): Finding | null {
  if (record === null || rootOf(order, record.size) === record.root) return null;
  const lost = finding({
    code: 'ledger.damaged',
    message: `ledger.sqlite is gone, and of its ${record.size} events not all are known elsewhere.`,
    expected: `${record.size} events with root ${record.root}`,
    found: `${order.length} events`,
    remedy: restoreRemedy,
  });
  findings.push(lost);
  return lost;
}

function foreign(what: string, expected: string | null, found: string | null): Finding {
  return finding({
    code: 'ledger.foreign',
    message: `${what} belongs to another ledger.`,
    expected,
    found,
    remedy: 'Put back the file of this repository. Nothing of the other ledger was taken over.',
  });
}

function behindSeen(seen: SeenCheckpoint, found: string): Finding {
  return finding({
    code: 'ref.behind',
    severity: 'warning',
    message: 'The local ledger ref does not hold what this clone has seen of the shared ledger.',
    expected: `${seen.size} events with root ${seen.root}`,
    found,
    remedy: 'Run "prompt-audit sync".',
  });
}

const hasSame = (findings: readonly Finding[], problem: Finding): boolean =>
  findings.some(
    (f) => f.code === problem.code && f.event === problem.event && f.seq === problem.seq,
  );
