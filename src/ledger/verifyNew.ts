import { sha256 } from '../core/hash.js';
import type { Finding } from '../core/rows.js';
import { report } from '../core/watch.js';
import { checkAttachments } from './attachmentCheck.js';
import { readBytes } from './fileOnDisk.js';
import { sameStamp, stampOf, type FileStamp } from './fileStamp.js';
import { firstError } from './findings.js';
import type { LedgerMemory } from './memory.js';
import type { Replica } from './replica.js';
import { setAsideFindings } from './setAside.js';
import { readVerifiedNote, type VerifiedNote } from './verifiedNote.js';
import { Findings, pointOf, type LedgerCheck, type VerifyHow } from './verify.js';
import { contentOf } from './verifyVolumes.js';
import { volumePath } from './volumes.js';

const reportEvery = 500;

/**
 * Verifies what is new since this clone verified the ledger last. The files may only be those that were
 * verified then, or that this clone wrote itself, compared by their SHA-256; all events behind are checked.
 * Null where everything has to be verified: nothing was, or anything is not as it was left.
 */
export async function verifyNew(
  replica: Replica,
  { watch, check }: VerifyHow = {},
): Promise<LedgerCheck | null> {
  const { context, memory } = replica;
  const note = await readVerifiedNote(context);
  if (note === null || memory === null || firstError(replica.damage)) return null;
  if (!continues(memory, note) || hasRedactionBehind(memory, note.size)) return null;
  report(watch, { what: 'verify', done: note.size, total: memory.size });
  const hashes = await unchangedFiles(replica, note);
  const tip = hashes && (await context.readRefTip());
  if (hashes === null || !isKnownTip(replica, note, tip)) return null;

  const lasting: Finding[] = [...note.findings];
  const { size, state } = memory;
  const content = contentOf(memory);
  const events = [];
  for (let seq = note.size + 1; seq <= size; seq++) {
    if (seq % reportEvery === 0) report(watch, { what: 'verify', done: seq, total: size });
    const event = state.event(seq);
    events.push({ seq, event });
    lasting.push(...(check?.(state, event, seq, content) ?? []));
  }
  lasting.push(
    ...checkAttachments(events, memory.attachments, { ground: memory, redacted: new Set() }),
  );
  const findings = new Findings();
  for (const part of [replica.damage, lasting, await setAsideFindings(context)]) findings.add(part);
  const first = firstError(findings.all);
  const next = { ...note, ...pointOf(memory), files: hashes, tip, volumes: hashes.length };
  return {
    ledger: memory.point(),
    checked: size - note.size,
    since: note.since,
    isWhole: true,
    volumes: hashes.length,
    findings: findings.sorted,
    intact: first === undefined,
    brokenAt: first?.seq ?? null,
    tip,
    note: first === undefined ? { ...next, findings: lasting } : null,
  };
}

/** The size up to which a memory was held to a note: to compute a root again for each call takes too long. */
const compared = new WeakMap<LedgerMemory, string>();

function continues(memory: LedgerMemory, note: VerifiedNote): boolean {
  const point = `${note.size} ${note.root}`;
  if (note.ledger !== memory.ledger || note.size > memory.size) return false;
  if (compared.get(memory) !== point && memory.rootAt(note.size) !== note.root) return false;
  compared.set(memory, `${memory.size} ${memory.root}`);
  return true;
}

/** A redaction changes what can be said of events before it. */
function hasRedactionBehind({ state, size }: LedgerMemory, from: number): boolean {
  for (let seq = from + 1; seq <= size; seq++) if (state.typeAt(seq) === 'redacted') return true;
  return false;
}

interface HashedFile {
  readonly stamp: FileStamp | null;
  readonly hash: string;
}

const hashed = new WeakMap<Replica, Map<string, HashedFile>>();

/** SHA-256 of the open volume and the sealed ones; null where one is not as it was left. */
async function unchangedFiles(replica: Replica, note: VerifiedNote): Promise<string[] | null> {
  const { context, clone, file } = replica;
  const record = clone.folds[context.file];
  const good = new Set(note.files);
  if (record) {
    good.add(record.sha256);
    for (const { sha256: hash } of record.volumes ?? []) good.add(hash);
  }
  if (file === null) return null;
  const sealed = replica.layout.sealed.map(({ sha256: hash }, i) => ({
    path: volumePath(context.file, i + 1),
    hash,
  }));
  const all = [{ path: context.file, hash: file.sha256 }, ...sealed];
  for (const { path, hash } of all)
    if (!good.has(hash) || (await hashOf(replica, path)) !== hash) return null;
  return all.map(({ hash }) => hash);
}

/** The SHA-256 of a file; a file that nobody touched since is not read again by this process. */
async function hashOf(replica: Replica, path: string): Promise<string | null> {
  const known = hashed.get(replica) ?? new Map<string, HashedFile>();
  hashed.set(replica, known);
  const stamp = await stampOf(path);
  const before = known.get(path);
  if (before && sameStamp(before.stamp, stamp)) return before.hash;
  const bytes = await readBytes(path);
  if (bytes === null) return null;
  const hash = sha256(bytes).toString('hex');
  known.set(path, { stamp, hash });
  return hash;
}

/** Whether the ledger ref names the commit that was verified, or one that this clone checked or made since. */
function isKnownTip({ clone }: Replica, note: VerifiedNote, tip: string | null): boolean {
  return tip === note.tip || (tip !== null && tip === clone.seen?.commit);
}
