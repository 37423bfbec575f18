import type { LedgerEvent } from '../core/event.js';
import { decodeTrustedEvent } from '../core/eventCodec.js';
import type { Digest, EventId, LedgerId } from '../core/ids.js';
import type { RedactionTarget } from '../core/redaction.js';
import type { Finding } from '../core/rows.js';
import { checkAttachments, redactedTargets } from './attachmentCheck.js';
import { addAttachments, noAttachments, type Attachments } from './attachments.js';
import { checkChain } from './chainCheck.js';
import type { FoldRecord, SeenCheckpoint } from './cloneState.js';
import { finding, firstError, hasError, restoreRemedy } from './findings.js';
import type { JournalTransaction } from './journalCodec.js';
import { judgeDamage, lostLineRemedy, type JournalState } from './journalDamage.js';
import { placedBehind, rootOf, type LedgerBase } from './base.js';
import { restoredOrder } from './restore.js';
import { rootInFile, sizeInFile, type LedgerFile } from './sqliteFile.js';

/** All places where events of one ledger stand. */
export interface LedgerSources {
  /** The leading events, verified before. All else is told behind them. */
  readonly base: LedgerBase | null;
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
  readonly base: LedgerBase | null;
  /** What stands behind the base. */
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
  const { base } = sources;
  const ledger =
    sources.pinned ??
    base?.ledger ??
    sources.journal.ledger ??
    sources.file?.ledger ??
    (await sources.readRef())?.ledger ??
    null;
  const isNew = (event: LedgerEvent): boolean => base?.seqOf(event.id) === undefined;
  const journal = entriesOf(sources, ledger, findings);
  journal.events = journal.events.filter(isNew);
  const trusted = judgeFile(sources, ledger, findings);
  const synced = await syncedPart(sources, ledger, trusted, findings);
  synced.events = synced.events.filter(isNew);

  const known = union([synced.events, journal.events]);
  const inFile = sources.file?.ledger === ledger ? (sources.file?.events ?? []) : [];
  const rows = inFile.filter((row) => isNew(row.event));
  const rowEvents = rows.map((row) => row.event);
  let order: readonly LedgerEvent[] = union([synced.events, rowEvents, journal.events]);
  let file: FileState = 'good';
  let refusal: Finding | null = null;
  let isLost = false;
  if (sources.file === null) {
    file = 'absent';
    refusal = lossOf(sources, order, findings);
  } else if (!trusted) {
    file = 'broken';
    const restored = restoredOrder({
      rows,
      known,
      synced: synced.events.length,
      record: sources.record,
      base,
    });
    if (restored) order = restored;
    else refusal = firstError(findings) ?? null;
    isLost = refusal !== null;
  } else if (isBehind(sources, order, rowEvents)) {
    file = 'behind';
  }

  const redacted = redactedTargets(base, order);
  order = withBodies(order, [synced.events, rowEvents, journal.events], redacted);
  const attachments = noAttachments();
  for (const part of [synced.attachments, sources.file?.attachments, journal.attachments]) {
    if (part) addAttachments(attachments, part);
  }
  for (const target of redacted) attachments.contents.delete(target as Digest);
  if (base !== null) {
    for (const digest of attachments.contents.keys())
      if (base.hasContent(digest)) attachments.contents.delete(digest);
    for (const { digest } of base.data.signatures) attachments.signatures.delete(digest);
  }
  if (file !== 'good') {
    const placed = placedBehind(base, order);
    let problems = [
      ...checkChain(placed, new Set(), base),
      ...checkAttachments(placed, attachments, { ground: base, redacted }),
    ];
    // What a line of the journal held that was never folded, no other clone can give back.
    if (refusal === null && sources.journal.state.damage.length > 0) {
      problems = problems.map((problem) => ({ ...problem, remedy: lostLineRemedy }));
    }
    // What is wrong with the rows of a broken file was told by it. Around a row that cannot be taken, the
    // others stand in other places here than there.
    const inFileRows = new Set(file === 'broken' ? rowEvents.map(({ id }) => id) : []);
    const isTold = (problem: Finding): boolean =>
      isLost || inFileRows.has(problem.event!) || hasSame(findings, problem);
    findings.push(...problems.filter((problem) => !isTold(problem)));
    refusal ??= firstError(problems) ?? null;
  }
  findings.push(
    ...judgeDamage(sources.journal.state, {
      base,
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
    base,
    order,
    synced: synced.size ?? (base?.size ?? 0) + synced.events.length,
    attachments,
    findings,
    refusal,
    file,
    orphans,
  };
}

/** Whether a good file lacks events, or has them in other places. */
function isBehind(
  { base, file }: LedgerSources,
  order: readonly LedgerEvent[],
  rows: readonly LedgerEvent[],
): boolean {
  const end = sizeInFile(file!);
  return (
    end !== (base?.size ?? 0) + order.length || order.some((event, at) => event.id !== rows[at]?.id)
  );
}

interface Part {
  events: readonly LedgerEvent[];
  readonly attachments: Attachments;
  /** Of the shared part, where it ends inside the base. */
  readonly size?: number;
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
  if (isAsWritten(file, record)) return true;
  const end = sizeInFile(file);
  const known = sources.journal.transactions.flat();
  const byId = new Set(known.flatMap((entry) => (entry.kind === 'event' ? [entry.event.id] : [])));
  const strange =
    byId.size > 0 && end >= record.size
      ? file.events.find((row) => !byId.has(row.event.id))
      : undefined;
  findings.push(
    finding({
      code: 'file.replaced',
      message: `ledger.sqlite was replaced: it does not hold the ${record.size} events that were written to it.`,
      seq: strange?.seq ?? null,
      event: strange?.event.id ?? null,
      expected: `${record.size} events with root ${record.root}`,
      found: `${end} events`,
      remedy: restoreRemedy,
    }),
  );
  return false;
}

/** Whether a file extends what this program wrote to it last, or was about to write. */
export const isAsWritten = (file: LedgerFile, record: FoldRecord): boolean =>
  [record, ...(record.next ?? [])].some((point) => rootInFile(file, point.size) === point.root);

async function syncedPart(
  sources: LedgerSources,
  ledger: LedgerId | null,
  trusted: boolean,
  findings: Finding[],
): Promise<Part> {
  const { base, file, seen } = sources;
  if (seen && base && seen.size <= base.size && base.rootAt(seen.size) === seen.root) {
    return { events: [], attachments: noAttachments(), size: seen.size };
  }
  if (trusted && file && seen && rootInFile(file, seen.size) === seen.root) {
    const events = file.events.filter((row) => row.seq <= seen.size).map((row) => row.event);
    return { events, attachments: file.attachments };
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
  if (seen !== null && rootInFile(ref, seen.size) !== seen.root) {
    findings.push(behindSeen(seen, `${ref.before.size + events.length} events`));
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

/** A body that one place lost is taken from another; one that was redacted is gone everywhere. */
export function withBodies(
  order: readonly LedgerEvent[],
  parts: readonly (readonly LedgerEvent[])[],
  redacted: ReadonlySet<RedactionTarget>,
): readonly LedgerEvent[] {
  const lacking = new Set<EventId>();
  for (const { id, bodyText } of order) if (bodyText === null && !redacted.has(id)) lacking.add(id);
  if (lacking.size === 0 && redacted.size === 0) return order;
  const full = new Map<EventId, LedgerEvent>();
  for (const event of parts.flat()) {
    if (event.bodyText !== null && lacking.has(event.id)) full.set(event.id, event);
  }
  return order.map((event) => {
    if (event.bodyText !== null && redacted.has(event.id)) return withoutBody(event);
    return full.get(event.id) ?? event;
  });
}

/** An event whose body is gone. */
export const withoutBody = (event: LedgerEvent): LedgerEvent =>
  decodeTrustedEvent(event.id, event.headerText, null);

/** A file that is gone, and more with it than the journal and the ref give back. */
function lossOf(
  { base, record }: LedgerSources,
  order: readonly LedgerEvent[],
  findings: Finding[],
): Finding | null {
  if (record === null || rootOf(base, order, record.size) === record.root) return null;
  const lost = finding({
    code: 'ledger.damaged',
    message: `ledger.sqlite is gone, and of its ${record.size} events not all are known elsewhere.`,
    expected: `${record.size} events with root ${record.root}`,
    found: `${(base?.size ?? 0) + order.length} events`,
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
