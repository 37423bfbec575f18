import { readdir, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { LedgerEvent } from '../core/event.js';
import { sha256 } from '../core/hash.js';
import { isDigest, type Digest, type EventId } from '../core/ids.js';
import { authorisedRedactions, type RedactionTarget } from '../core/redaction.js';
import type { Attachments } from './attachments.js';
import { writeFileAtomically } from './atomicFile.js';
import type { VolumeRecord } from './cloneState.js';
import { withoutBody } from './combine.js';
import { onDisk } from './diskErrors.js';
import { Drafts } from './drafts.js';
import { keptPattern, readBytes } from './fileOnDisk.js';
import { stampOf, stampText } from './fileStamp.js';
import type { JournalEntry, JournalTransaction } from './journalCodec.js';
import { rewriteJournal } from './journalUpkeep.js';
import { removeLeftovers } from './leftovers.js';
import type { LedgerMemory } from './memory.js';
import type { Replica } from './replica.js';
import { readLedgerFile, rootInFile, sizeInFile, type LedgerFile } from './sqliteFile.js';
import { buildVolume } from './sqliteWriter.js';
import { volumePath, volumesFolder } from './volumes.js';
import { worktreeFiles } from './worktreeFiles.js';

/** What was rewritten or removed, so that nothing of the redacted bytes is left here. */
export interface ErasureReport {
  /** Paths of files that were written again without the bytes. */
  readonly rewritten: readonly string[];
  /** Paths of copies and caches that were removed. */
  readonly removed: readonly string[];
}

type Targets = ReadonlySet<RedactionTarget>;

/**
 * Removes the bytes of all authorised redactions from journal, volumes, snapshot, drafts, and copies that
 * were set aside. Each step can be done again, so a crash between two of them is made good by the next
 * fold. Needs the lock; reads the ledger again afterwards.
 */
export async function eraseRedacted(replica: Replica): Promise<ErasureReport> {
  const memory = replica.writable();
  const targets: Targets = new Set(authorisedRedactions(memory.state).keys());
  const rewritten: string[] = [];
  const removed: string[] = [];
  if (targets.size === 0) return { rewritten, removed };
  const { context } = replica;

  const transactions = replica.transactions.map((one) => withoutTargets(one, targets));
  if (transactions.some((one, at) => one !== replica.transactions[at])) {
    const left = transactions.filter((one) => one.length > 0);
    await rewriteJournal(replica, memory.ledger, left);
    rewritten.push(replica.journal.path);
  }
  await replica.snapshots.remove();
  const drafts = new Drafts(context.privateDir, context.platform);
  for (const target of targets) {
    const path = isDigest(target) ? await drafts.remove(target) : null;
    if (path !== null) removed.push(path);
  }
  const files = await worktreeFiles(replica);
  for (const file of files) rewritten.push(...(await rewriteVolumes(replica, file, targets)));
  const folders = [context.privateDir, ...files.map((file) => dirname(file))];
  // Whoever is killed in a write leaves it behind; nobody else writes now.
  await removeLeftovers(folders, 0);
  for (const folder of folders)
    removed.push(
      ...(await removeCopies(folder, targets, needlesOf(memory, targets), context.wasm)),
    );
  await replica.reload(targets.size);
  return { rewritten, removed };
}

/** Whether lines of the journal hold what was redacted. */
export const holdsTargets = (
  transactions: readonly JournalTransaction[],
  targets: Targets,
): boolean => transactions.some((one) => withoutTargets(one, targets) !== one);

function withoutTargets(transaction: JournalTransaction, targets: Targets): JournalTransaction {
  let changed = false;
  const entries: JournalEntry[] = [];
  for (const entry of transaction) {
    if (entry.kind === 'content' && targets.has(entry.content.digest)) {
      changed = true;
    } else if (entry.kind === 'event' && holdsBody(entry.event, targets)) {
      entries.push({ kind: 'event', event: withoutBody(entry.event) });
      changed = true;
    } else {
      entries.push(entry);
    }
  }
  return changed ? entries : transaction;
}

const holdsBody = (event: LedgerEvent, targets: Targets): boolean =>
  event.bodyText !== null && targets.has(event.id);

/** Writes each volume of a worktree that holds a target again; the chain of its headers stays as it is. */
async function rewriteVolumes(replica: Replica, file: string, targets: Targets): Promise<string[]> {
  const { context } = replica;
  const { platform, wasm } = context;
  const record = replica.clone.folds[file];
  const rewritten: string[] = [];
  const volumes: VolumeRecord[] = [];
  const write = async (path: string): Promise<string | null> => {
    const bytes = await readBytes(path);
    const without = bytes && (await volumeWithout(bytes, targets, wasm));
    if (!without) return null;
    await writeFileAtomically(path, without, { platform, readBack: true });
    rewritten.push(path);
    return sha256(without).toString('hex');
  };
  const sealed = file === context.file ? replica.layout.sealed : (record?.volumes ?? []);
  for (const [i, volume] of sealed.entries()) {
    const path = volumePath(file, i + 1);
    const hash = (await write(path)) ?? volume.sha256;
    volumes.push({ sha256: hash, last: volume.last, stamp: stampText(await stampOf(path)) });
  }
  const open = await write(file);
  if (record && rewritten.length > 0) {
    const fold = {
      ...record,
      sha256: open ?? record.sha256,
      ...(volumes.length > 0 && { volumes }),
    };
    await replica.saveClone({
      ...replica.clone,
      folds: { ...replica.clone.folds, [file]: fold },
    });
  }
  return rewritten;
}

/** The bytes of a volume without the targets; null where it holds none, or is no unbroken volume. */
export async function volumeWithout(
  bytes: Uint8Array,
  targets: Targets,
  wasm: Parameters<typeof buildVolume>[2],
): Promise<Uint8Array | null> {
  const file = await readLedgerFile(bytes, { wasm });
  if (file.ledger === null || !holdsAny(file, targets)) return null;
  const end = sizeInFile(file);
  if (rootInFile(file, end) === null || file.events.at(-1)?.seq !== end) return null;
  const events = file.events.map(({ event }) =>
    holdsBody(event, targets) ? withoutBody(event) : event,
  );
  const contents = new Map([...file.attachments.contents].filter(([id]) => !targets.has(id)));
  const attachments: Attachments = { contents, signatures: file.attachments.signatures };
  const { ledger, start } = file;
  return await buildVolume({ ledger, start, events, attachments }, null, wasm);
}

const holdsAny = ({ events, attachments }: LedgerFile, targets: Targets): boolean =>
  events.some(({ event }) => holdsBody(event, targets)) ||
  [...attachments.contents.keys()].some((digest) => targets.has(digest));

/** Removes files that were set aside and hold a target: what was redacted weighs more than they do. */
async function removeCopies(
  folder: string,
  targets: Targets,
  needles: readonly (Buffer | string)[],
  wasm: Parameters<typeof buildVolume>[2],
): Promise<string[]> {
  const removed: string[] = [];
  for (const inside of [folder, join(folder, volumesFolder)]) {
    const names = await readdir(inside).catch(() => [] as string[]);
    for (const name of names.filter((candidate) => keptPattern.test(candidate))) {
      const path = join(inside, name);
      const bytes = await readBytes(path);
      if (bytes === null || !(await mayHold(bytes, basename(path), targets, needles, wasm)))
        continue;
      await onDisk(path, () => unlink(path));
      removed.push(path);
    }
  }
  return removed;
}

/** A copy that cannot be read as a whole may hold anything, so it counts as holding the target that it names. */
async function mayHold(
  bytes: Uint8Array,
  name: string,
  targets: Targets,
  needles: readonly (Buffer | string)[],
  wasm: Parameters<typeof buildVolume>[2],
): Promise<boolean> {
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const named = needles.some((needle) => raw.includes(needle));
  if (named || !name.endsWith('.sqlite')) return named;
  return holdsAny(await readLedgerFile(bytes, { wasm }), targets);
}

/** What stands beside the bytes of a target wherever these are: its id, or the digest of its body. */
function needlesOf(memory: LedgerMemory, targets: Targets): readonly (Buffer | string)[] {
  const needles: (Buffer | string)[] = [];
  for (const target of targets) {
    needles.push(bytesOf(target), target);
    const seq = isDigest(target) ? undefined : memory.seqOf(target);
    if (seq !== undefined) needles.push(memory.state.event(seq).header.body);
  }
  return needles;
}

const bytesOf = (target: EventId | Digest): Buffer =>
  Buffer.from(isDigest(target) ? target.slice('sha256:'.length) : target, 'hex');
