import type { Finding, LedgerPoint } from '../core/rows.js';
import { pushAll } from '../core/pushAll.js';
import type { VolumeRecord } from './cloneState.js';
import { readBytes } from './fileOnDisk.js';
import { finding, firstError } from './findings.js';
import { Replica } from './replica.js';
import { sha256 } from '../core/hash.js';
import type { Watch } from '../core/watch.js';
import { stateSummary } from '../core/stateSummary.js';
import { isDigest } from '../core/ids.js';
import type { LedgerMemory } from './memory.js';
import { heldRedactions } from './redactedBytes.js';
import { setAsideFindings } from './setAside.js';
import { storeContext, type StoreOptions } from './storeOptions.js';
import type { VerifiedNote } from './verifiedNote.js';
import { contentOf, verifyVolumes, type EventCheck, type VerifiedSet } from './verifyVolumes.js';
import { volumePath, volumeTreeName } from './volumes.js';

/** How a ledger is verified. */
export interface VerifyHow {
  readonly watch?: Watch;
  /** Holds each event to more than the format asks. */
  readonly check?: EventCheck;
}

/** What verification of everything that a worktree holds came to. */
export interface LedgerCheck {
  readonly ledger: LedgerPoint | null;
  /** Events whose bytes were checked now. */
  readonly checked: number;
  /** When the others were checked, by this clone's clock; null where all were checked now. */
  readonly since: string | null;
  /** Whether the files could be read from the first event to the last. */
  readonly isWhole: boolean;
  /** Files that hold the ledger, the open volume included. */
  readonly volumes: number;
  /** The worst first. */
  readonly findings: readonly Finding[];
  readonly intact: boolean;
  /** The first broken event, if any. */
  readonly brokenAt: number | null;
  /** The commit of the ledger ref when this began; null where there is none. */
  readonly tip: string | null;
  /** What an incremental verification can go on from; null where something is broken. */
  readonly note: VerifiedNote | null;
}

/**
 * Checks everything that this worktree holds of the ledger: the file with every text, the
 * journal, the ledger ref, and what was set aside. Reads from the disk; writes nothing, believes no cache.
 * `open`: shows what a new replica would, so that none is made; see isAsOnDisk.
 * Throws `ledger.futureVersion`, `ledger.tooLarge`, `cancelled` or a disk error.
 */
export async function verifyLedger(
  options: StoreOptions,
  { watch, check }: VerifyHow = {},
  open: Replica | null = null,
): Promise<LedgerCheck> {
  const context = { ...storeContext(options), watch };
  const tip = await context.readRefTip();
  const replica = open ?? new Replica(context);
  if (open === null) await replica.refresh();
  const { memory, file } = replica;
  const findings = new Findings();
  let here: VerifiedSet | undefined;
  const ref = memory && (await context.readRef());
  const bytes = await readBytes(context.file);
  const record = replica.clone.folds[context.file];
  // What stands in the files: an incremental verification says it again.
  const lasting: Finding[] = [];
  const files: string[] = [];
  if (bytes !== null) {
    const volume = (n: number) => readBytes(volumePath(context.file, n));
    const set = { open: bytes, volume, isOnDisk: true };
    // What stands before the open volume is asked for again only to check another open volume.
    const keepSealed = ref !== null && Buffer.compare(ref, bytes) !== 0;
    here = await verifyVolumes(context, set, check ? { check, keepSealed } : { keepSealed });
    files.push(sha256(bytes).toString('hex'), ...here.hashes);
    findings.add(damageBeside(replica, here));
    pushAll(lasting, here.findings);
    if (!firstError(here.findings)) lasting.push(...rewritten(here.hashes, record?.volumes ?? []));
    if (memory && here.memory) pushAll(lasting, checkedBehind(memory, here.memory.size, check));
    findings.add(lasting);
    if (here.memory) findings.add(presentTargets(here.memory));
    if (memory && here.memory && !firstError(here.findings))
      findings.add(cacheProblems(memory, here.memory));
  } else {
    findings.add(replica.damage);
  }
  let isWhole = here === undefined ? memory !== null : here.memory !== null;
  const isSame = ref && bytes && Buffer.compare(ref, bytes) === 0;
  // What this worktree lacks without harm is read in the ref.
  const isLeftToRef = !isWhole && !firstError(findings.all);
  if (ref && (!isSame || isLeftToRef)) {
    const volume = (n: number) => context.readRefVolume(n);
    const set = { open: ref, volume, isOnDisk: false };
    const there = await verifyVolumes(context, set, here ? { verified: here } : {});
    isWhole ||= isLeftToRef && there.memory !== null;
    const found = there.findings.map((f) => ({
      ...f,
      message: `In the local ledger ref: ${f.message}`,
    }));
    pushAll(lasting, found);
    findings.add(found);
  }
  if (file === null && memory) findings.add([absent(memory.size)]);
  if (file && record && file.sha256 !== record.sha256 && !firstError(findings.all)) {
    lasting.push(unchanged('ledger.sqlite'));
    findings.add(lasting);
  }
  findings.add(await setAsideFindings(context));
  const first = firstError(findings.all);
  const isExtended = memory && here?.memory && extendsIt(memory, here.memory);
  const since = context.clock().at.toISOString();
  return {
    ledger: memory?.point() ?? null,
    checked: memory?.size ?? 0,
    since: null,
    isWhole,
    volumes: (here?.hashes.length ?? 0) + (bytes === null ? 0 : 1),
    findings: findings.sorted,
    intact: first === undefined,
    brokenAt: first?.seq ?? null,
    tip,
    note:
      first === undefined && isExtended
        ? { ...pointOf(memory), since, files, tip, volumes: files.length, findings: lasting }
        : null,
  };
}

/**
 * What a clone found wrong while it opened the ledger. Errors of the files are left to those who have just read
 * all of them: on opening, a clone also tells of what only follows from the first, and of what it tried instead.
 */
function damageBeside(replica: Replica, here: VerifiedSet): readonly Finding[] {
  const { damage, loaded, file } = replica;
  if (!firstError(here.findings)) return damage;
  const inFiles = [loaded?.findings, loaded?.missing, file?.findings].flatMap((all) => all ?? []);
  const left = new Set(inFiles.filter(({ severity }) => severity === 'error'));
  return damage.filter((found) => !left.has(found));
}

/** The size and the root of a ledger, as a note holds them. */
export function pointOf(memory: LedgerMemory): Pick<VerifiedNote, 'ledger' | 'size' | 'root'> {
  return { ledger: memory.ledger, size: memory.size, root: memory.root };
}

const extendsIt = (memory: LedgerMemory, verified: LedgerMemory): boolean =>
  memory.size >= verified.size && memory.rootAt(verified.size) === verified.root;

/** Findings, each once. */
export class Findings {
  readonly #all: Finding[] = [];
  readonly #known = new Set<string>();

  get all(): readonly Finding[] {
    return this.#all;
  }

  /** The worst first, then in the order of events. */
  get sorted(): readonly Finding[] {
    return [...this.#all].sort(
      (a, b) => rank(a) - rank(b) || (a.seq ?? Infinity) - (b.seq ?? Infinity),
    );
  }

  add(more: readonly Finding[]): void {
    for (const found of more) {
      const key = `${found.code} ${found.seq} ${found.message}`;
      if (!this.#known.has(key)) this.#all.push(found);
      this.#known.add(key);
    }
  }
}

/** What `check` says of events that stand in the journal only. */
function checkedBehind(memory: LedgerMemory, size: number, check?: EventCheck): Finding[] {
  const { state, tail } = memory;
  const content = contentOf(memory);
  const behind = tail.filter(({ seq }) => seq > size);
  return behind.flatMap(({ seq, event }) => check?.(state, event, seq, content) ?? []);
}

/** What was redacted and is in the files again, as from a backup that was put back. */
function presentTargets(verified: LedgerMemory): Finding[] {
  return heldRedactions(verified).map((target) =>
    finding({
      code: 'redaction.present',
      seq: isDigest(target) ? null : (verified.seqOf(target) ?? null),
      event: isDigest(target) ? null : target,
      message: 'Bytes that were redacted are in the files of this worktree again.',
      found: target,
      remedy:
        'The next write removes them again, as "prompt-audit record" does. Find out who put an old copy back.',
    }),
  );
}

/** What is shown comes from a cache in part: it must say what the volumes say. */
function cacheProblems(shown: LedgerMemory, verified: LedgerMemory): Finding[] {
  // A worktree that is behind says less than the cache of the clone, rightly.
  if (shown.base === null || verified.size < shown.base.size) return [];
  const { size, root } = shown.base.data;
  const summary = (memory: LedgerMemory): string => stateSummary(memory.state);
  const people = (memory: LedgerMemory): string => JSON.stringify(memory.state.persons.snapshot());
  const isSame =
    verified.rootAt(size) === root &&
    (shown.size !== verified.size ||
      (summary(shown) === summary(verified) && people(shown) === people(verified)));
  if (isSame) return [];
  return [
    finding({
      code: 'cache.differs',
      message: 'The cache of this clone says something else than the volumes of the ledger.',
      expected: verified.rootAt(size),
      found: root,
      remedy:
        'Delete the folder "cache" beside journal.jsonl: it is made anew. The volumes are what counts.',
    }),
  ];
}

const rank = ({ severity }: Finding): number => ['error', 'warning', 'info'].indexOf(severity);

function absent(count: number): Finding {
  return finding({
    code: 'file.missing',
    severity: 'warning',
    message: `ledger.sqlite is missing. All ${count} events are known from the journal and the ledger ref.`,
    remedy: 'Nothing needs to be done: the next write makes it anew.',
  });
}

/** The sealed volumes that are other files than those that were written, by their hashes. */
const rewritten = (hashes: readonly string[], written: readonly VolumeRecord[]): Finding[] =>
  hashes.flatMap((hash, i) =>
    written[i] && written[i].sha256 !== hash ? [unchanged(volumeTreeName(i + 1))] : [],
  );

function unchanged(name: string): Finding {
  return finding({
    code: 'file.differs',
    severity: 'warning',
    message: `${name} was written by another program, but no event has changed.`,
    remedy: 'Nothing that was recorded is affected.',
  });
}
