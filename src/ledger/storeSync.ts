import { PromptAuditError } from '../core/errors.js';
import type { LedgerEvent } from '../core/event.js';
import type { Digest, EventId } from '../core/ids.js';
import type { RedactionTarget } from '../core/redaction.js';
import type { Finding, LedgerPoint } from '../core/rows.js';
import { checkAttachments, redactedTargets, unexplained } from './attachmentCheck.js';
import { addAttachments, noAttachments, type Attachments } from './attachments.js';
import { placedBehind, rootOf, type LedgerBase } from './base.js';
import { checkChain } from './chainCheck.js';
import type { SeenCheckpoint, SeenVolume } from './cloneState.js';
import { withBodies } from './combine.js';
import { digestsNamed } from './digestsNamed.js';
import { readBytes } from './fileOnDisk.js';
import { firstError } from './findings.js';
import type { Layout } from './fold.js';
import { eraseNew, fold, writeFiles } from './folding.js';
import { keepInJournal } from './journalUpkeep.js';
import { LedgerMemory } from './memory.js';
import {
  assertSound,
  commonGround,
  damagedRemote,
  foreignGround,
  theirEvents,
} from './remoteGround.js';
import type { Replica } from './replica.js';
import { compareSealed } from './sealedCompare.js';
import { keepSnapshot } from './snapshotKeeping.js';
import type { LedgerFile } from './sqliteFile.js';
import { volumePath } from './volumes.js';
import { withheldIn, withoutSnapshot } from './withheld.js';

/** A commit of the ledger ref, what it holds, and the remote that has it; null for this clone alone. */
export interface SyncedPoint extends SeenCheckpoint {
  readonly remote: string | null;
}

/** A commit of a remote's ledger branch. */
export interface RemoteLedger {
  /** Its open volume, read as hostile. */
  readonly open: LedgerFile;
  /** The bytes of a sealed volume, from 1; null where it lacks it. */
  readonly volume: (volume: number) => Promise<Uint8Array | null>;
  /** The ids of the blobs of its sealed volumes, from the first. */
  readonly blobs: readonly string[];
  /** SHA-256 of the sealed volumes that this clone knows already, by number - 1. */
  readonly known: readonly (string | null)[];
}

/** Where a remote's ledger was found. */
export interface RebaseWhere {
  readonly commit: string;
  readonly remote: string;
  /** Told of what the commit lacks although this clone holds it and no redaction covers it. */
  readonly withheld?: (lacking: readonly Finding[]) => void;
}

/** What a commit of the ledger branch is made from. */
export interface LedgerContents {
  readonly point: LedgerPoint;
  readonly open: Uint8Array;
  readonly volumes: readonly {
    readonly sha256: string;
    readonly read: () => Promise<Uint8Array>;
  }[];
}

/** See LedgerStore.rebase; needs the lock. */
export async function rebase(
  replica: Replica,
  remote: RemoteLedger,
  where: RebaseWhere,
): Promise<LedgerPoint> {
  await replica.refresh();
  if (replica.memory !== null || replica.combined?.refusal) replica.writable();
  assertSound(remote.open);
  assertOurs(replica, remote.open);
  const common = commonGround(replica, remote);
  const ground = common ?? (await foreignGround(replica, remote));
  const { base, layout, missing } = ground;
  const theirs = theirEvents(ground, remote);
  const size = (base?.size ?? 0) + theirs.length;
  const root = rootOf(base, theirs, size)!;
  assertNotRewritten(replica, base, theirs);

  const there = new Set<EventId>(theirs.map((event) => event.id));
  const ours = eventsBesides(replica.memory, base, there);
  const joined = [...theirs, ...ours];
  const redacted = redactedTargets(base, joined);
  const lacking = unexplained(missing, redacted)[0];
  if (lacking) throw damagedRemote(lacking.message);
  const withheld = withheldIn(remote.open, base, redacted);
  // Such a file cannot be built on, and rows that a snapshot stands for cannot be written anew.
  if (withheld.length > 0 && (base?.size ?? 0) > remote.open.start.size) {
    await withoutSnapshot(replica);
    return rebase(replica, remote, where);
  }
  const order = withBodies(joined, [theirs, tailOf(replica.memory)], redacted);
  const attachments = noAttachments();
  addAttachments(attachments, remote.open.attachments);
  if (replica.memory) addAttachments(attachments, attachmentsOf(replica.memory, order));
  dropHeld(attachments, base, redacted);
  assertWhole(base, theirs, order, attachments, redacted);
  const sealed = common && (await compareSealed(replica, remote, redacted));
  const allWithheld = [...(sealed?.lacking ?? []), ...withheld];
  if (allWithheld.length > 0) where.withheld?.(allWithheld);
  const known = sealed?.known ?? remote.known;

  const ledger = remote.open.ledger!;
  const moved =
    replica.memory !== null &&
    rootOf(base, order, replica.memory.size) !== replica.memory.point().root;
  const memory = new LedgerMemory({ ledger, base, tail: order, synced: size, attachments });
  if (moved) await announce(replica, memory);
  await writeFiles(replica, memory, layout, remote.open);
  const { folds } = replica.clone;
  const { file } = replica.context;
  await replica.saveClone({
    ...replica.clone,
    ledger,
    remote: where.remote,
    seen: {
      size,
      root,
      commit: where.commit,
      volumes: seenVolumes(replica, { ...remote, known }, layout),
    },
    // In another worktree's file these events stand in the old order, rightly.
    folds: moved && folds[file] ? { [file]: folds[file] } : folds,
  });
  replica.install(memory);
  await eraseNew(replica);
  await keepSnapshot(replica);
  return memory.point();
}

/** Attempts to write another order that all failed between file and note; more are not remembered. */
const mostAnnounced = 16;

/** Notes that the files will have another order, so that a crash in between does not look like a stranger's work. */
export async function announce(replica: Replica, memory: LedgerMemory): Promise<void> {
  await replica.snapshots.remove();
  const { clone, context } = replica;
  const record = clone.folds[context.file];
  if (!record) return;
  const { size, root } = memory.point();
  const next = [...(record.next ?? []), { size, root }].slice(-mostAnnounced);
  const folds = { ...clone.folds, [context.file]: { ...record, next } };
  await replica.saveClone({ ...clone, folds });
}

/** The sealed volumes of the remote whose bytes are known, up to the first of which they are not. */
export function seenVolumes(
  replica: Replica,
  remote: RemoteLedger,
  { repairs }: Layout,
): SeenVolume[] {
  const written = replica.clone.folds[replica.context.file]?.volumes ?? [];
  const volumes: SeenVolume[] = [];
  for (const [i, blob] of remote.blobs.entries()) {
    const sha256 = remote.known[i] ?? (repairs.has(i + 1) ? written[i]?.sha256 : undefined);
    if (sha256 === undefined) break;
    volumes.push({ blob, sha256 });
  }
  return volumes;
}

export function assertOurs(replica: Replica, open: LedgerFile): void {
  const pinned = replica.memory?.ledger ?? replica.clone.ledger;
  if (open.ledger !== null && (pinned === null || pinned === open.ledger)) return;
  throw new PromptAuditError({
    code: 'ledger.foreign',
    message: `The remote holds another ledger (${open.ledger}) than this clone (${pinned}).`,
    remedy: 'Check that the remote is the right one. Nothing was changed on either side.',
  });
}

function assertNotRewritten(
  replica: Replica,
  base: LedgerBase | null,
  theirs: readonly LedgerEvent[],
): void {
  const { seen } = replica.clone;
  if (seen === null || rootOf(base, theirs, seen.size) === seen.root) return;
  throw new PromptAuditError({
    code: 'sync.rewritten',
    message: `The remote ledger was rewritten: it no longer begins with the ${seen.size} events that this clone saw in ${seen.commit}.`,
    remedy:
      'Do not overwrite either side. Ask who rewrote the ledger branch, and restore it from this or another clone.',
  });
}

/** Takes out texts that were redacted, and those that a base holds already. */
export function dropHeld(
  { contents }: Attachments,
  base: LedgerBase | null,
  redacted: ReadonlySet<RedactionTarget>,
): void {
  for (const digest of contents.keys())
    if (redacted.has(digest) || base?.hasContent(digest)) contents.delete(digest);
}

/** The rows of the remote behind the base, and what both sides attach to them. */
export function assertWhole(
  base: LedgerBase | null,
  theirs: readonly LedgerEvent[],
  order: readonly LedgerEvent[],
  attachments: Attachments,
  redacted: ReadonlySet<RedactionTarget>,
): void {
  const placed = placedBehind(base, order);
  const problems = [
    ...checkChain(placed.slice(0, theirs.length), new Set(), base),
    ...checkAttachments(placed, attachments, { ground: base, redacted }),
  ];
  const broken = firstError(problems);
  if (broken) throw damagedRemote(broken.message);
}

export const tailOf = (memory: LedgerMemory | null): readonly LedgerEvent[] =>
  memory?.tail.map(({ event }) => event) ?? [];

/** The events of this clone that the remote lacks, in their order. */
function eventsBesides(
  memory: LedgerMemory | null,
  base: LedgerBase | null,
  there: ReadonlySet<EventId>,
): readonly LedgerEvent[] {
  if (memory === null) return [];
  const { state } = memory;
  const from = memory.base === base ? (base?.size ?? 0) : 0;
  const missing: LedgerEvent[] = [];
  for (let seq = from + 1; seq <= memory.size; seq++) {
    const id = state.idAt(seq);
    if (base?.seqOf(id) === undefined && !there.has(id)) missing.push(state.event(seq));
  }
  return missing;
}

/** The texts and signatures that this clone holds for these events, and those of its own tail. */
export function attachmentsOf(memory: LedgerMemory, events: readonly LedgerEvent[]): Attachments {
  const all = noAttachments();
  addAttachments(all, memory.attachments);
  if (memory.base === null) return all;
  const signatures = new Map(memory.base.data.signatures.map((one) => [one.digest, one]));
  for (const digest of new Set<Digest>(events.flatMap(digestsNamed))) {
    const content = all.contents.has(digest) ? undefined : memory.base.content(digest);
    if (content) all.contents.set(digest, content);
    const signature = signatures.get(digest);
    if (signature) all.signatures.set(digest, signature);
  }
  return all;
}

/** See LedgerStore.contents; needs the lock. */
export async function currentContents(replica: Replica): Promise<LedgerContents> {
  await replica.refresh();
  replica.writable();
  await fold(replica);
  const { file } = replica.context;
  const open = await readBytes(file);
  const volumes = replica.layout.sealed.map(({ sha256 }, i) => ({
    sha256,
    read: async () => (await readBytes(volumePath(file, i + 1)))!,
  }));
  return { point: replica.memory!.point(), open: open!, volumes };
}

/** See LedgerStore.markSynced; needs the lock. */
export async function markSynced(replica: Replica, point: SyncedPoint): Promise<void> {
  await replica.refresh();
  const memory = replica.writable();
  if (memory.rootAt(point.size) !== point.root) {
    throw new PromptAuditError({
      code: 'sync.busy',
      message: 'The ledger was put into another order while it was sent.',
      remedy: 'Sync again.',
    });
  }
  const { remote, ...seen } = point;
  await replica.saveClone({ ...replica.clone, remote: remote ?? replica.clone.remote, seen });
  memory.syncedSize = Math.max(memory.syncedSize, point.size);
  const left = replica.transactions.filter((transaction) =>
    transaction.some(
      (entry) => entry.kind === 'event' && (memory.seqOf(entry.event.id) ?? Infinity) > point.size,
    ),
  );
  await keepInJournal(replica, left);
  await keepSnapshot(replica);
}
