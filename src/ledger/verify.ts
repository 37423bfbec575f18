import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Finding, VerifyReport } from '../core/rows.js';
import { readBytes, setAsidePattern } from './fileOnDisk.js';
import { finding, firstError } from './findings.js';
import { Journal } from './journal.js';
import { Replica } from './replica.js';
import { sha256 } from '../core/hash.js';
import type { Watch } from '../core/watch.js';
import { stateSummary } from '../core/stateSummary.js';
import { isDigest } from '../core/ids.js';
import type { LedgerMemory } from './memory.js';
import { heldRedactions } from './redactedBytes.js';
import { readLedgerFile } from './sqliteFile.js';
import { verifyVolumes, type EventCheck, type VerifiedSet } from './verifyVolumes.js';
import { volumePath, volumeTreeName } from './volumes.js';
import { storeContext, type StoreContext, type StoreOptions } from './storeOptions.js';

const asideShown = 5;

/**
 * Checks everything that this worktree holds of the ledger: the file with every text, the
 * journal, the ledger ref, and what was set aside. Reads from the disk; writes nothing.
 * `check` holds each event to more than the format asks. Throws `ledger.futureVersion`,
 * `ledger.tooLarge`, `cancelled` or a disk error.
 */
export async function verifyLedger(
  options: StoreOptions,
  { watch, check }: { readonly watch?: Watch; readonly check?: EventCheck } = {},
): Promise<VerifyReport> {
  const context = { ...storeContext(options), watch };
  const replica = new Replica(context);
  await replica.refresh();
  const { memory, file } = replica;
  const findings: Finding[] = [];
  const known = new Set<string>();
  const add = (more: readonly Finding[]): void => {
    for (const found of more) {
      const key = `${found.code} ${found.seq} ${found.message}`;
      if (!known.has(key)) findings.push(found);
      known.add(key);
    }
  };
  add(replica.damage);

  let here: VerifiedSet | undefined;
  const ref = memory && (await context.readRef());
  const bytes = await readBytes(context.file);
  const record = replica.clone.folds[context.file];
  if (bytes !== null) {
    const others: Finding[] = [];
    const volume = async (n: number): Promise<Uint8Array | null> => {
      const sealed = await readBytes(volumePath(context.file, n));
      const written = record?.volumes?.[n - 1];
      const differs = sealed && written && sha256(sealed).toString('hex') !== written.sha256;
      if (differs) others.push(unchanged(volumeTreeName(n)));
      return sealed;
    };
    const set = { open: bytes, volume, isOnDisk: true };
    const keepSealed = ref !== null;
    here = await verifyVolumes(context, set, check ? { check, keepSealed } : { keepSealed });
    add(here.findings);
    if (!firstError(here.findings)) add(others);
    if (here.memory) add(presentTargets(here.memory));
    if (memory && here.memory) add(checkedBehind(memory, here.memory.size, check));
    if (memory && here.memory && !firstError(here.findings))
      add(cacheProblems(memory, here.memory));
  }
  if (ref && !(bytes && Buffer.compare(ref, bytes) === 0)) {
    const volume = (n: number) => context.readRefVolume(n);
    const set = { open: ref, volume, isOnDisk: false };
    const { findings: more } = await verifyVolumes(context, set, here ? { verified: here } : {});
    add(more.map((f) => ({ ...f, message: `In the local ledger ref: ${f.message}` })));
  }
  if (file === null && memory) add([absent(memory.size)]);
  if (file && record && file.sha256 !== record.sha256 && !firstError(findings))
    add([unchanged('ledger.sqlite')]);
  add(await setAsideFindings(context, dirname(context.file), basename(context.file, '.sqlite')));
  add(await setAsideFindings(context, dirname(volumePath(context.file, 1)), '0'));
  add(await setAsideJournals(context));
  const first = firstError(findings);
  return {
    ledger: memory?.point() ?? null,
    checked: memory?.size ?? 0,
    findings: [...findings].sort(
      (a, b) => rank(a) - rank(b) || (a.seq ?? Infinity) - (b.seq ?? Infinity),
    ),
    intact: first === undefined,
    brokenAt: first?.seq ?? null,
  };
}

/** What `check` says of events that stand in the journal only. */
function checkedBehind({ state, tail }: LedgerMemory, size: number, check?: EventCheck): Finding[] {
  const behind = tail.filter(({ seq }) => seq > size);
  const found = behind.map(({ seq, event }) => check?.(state, event, seq) ?? null);
  return found.filter((one) => one !== null);
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

function unchanged(name: string): Finding {
  return finding({
    code: 'file.differs',
    severity: 'warning',
    message: `${name} was written by another program, but no event has changed.`,
    remedy: 'Nothing that was recorded is affected.',
  });
}

/** What was wrong with the files that a restored one took the place of. */
async function setAsideFindings(
  { wasm }: StoreContext,
  folder: string,
  stem: string,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const name of await setAsideNames(folder, stem, '.sqlite')) {
    const bytes = await readBytes(join(folder, name)).catch(() => null);
    const parsed = bytes && (await readLedgerFile(bytes, { wasm, full: true }).catch(() => null));
    const first = parsed && (firstError(parsed.findings) ?? parsed.findings[0]);
    findings.push(
      finding({
        code: 'file.setAside',
        severity: 'warning',
        seq: first?.seq ?? null,
        event: first?.event ?? null,
        message:
          `A broken ledger file was replaced and is kept as ${name}. ${first ? first.message : ''}`.trim(),
        expected: first?.expected ?? null,
        found: first?.found ?? null,
        remedy: 'Find out who changed it. Delete the copy when you no longer need it.',
      }),
    );
  }
  return findings;
}

/** What was wrong with the journals that a new one took the place of. */
async function setAsideJournals({ privateDir, platform }: StoreContext): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const name of await setAsideNames(privateDir, 'journal', '.jsonl')) {
    const journal = new Journal(join(privateDir, name), platform);
    await journal.readNew().catch(() => undefined);
    const where = journal.state.damage.map(({ offset, problem }) =>
      problem === null ? 'its first line' : `the line at byte ${offset} (${problem})`,
    );
    const what =
      where.length > 0
        ? ` Damaged in it: ${where.slice(0, asideShown).join(', ')}.`
        : ' It belonged to another ledger.';
    findings.push(
      finding({
        code: 'journal.setAside',
        severity: 'warning',
        message: `A broken journal was replaced and is kept as ${name}.${what}`,
        remedy:
          where.length > 0
            ? 'What could be read of it is in the ledger. Delete the copy when you no longer need it.'
            : 'Nothing of it was taken over. Find out where it came from.',
      }),
    );
  }
  return findings;
}

async function setAsideNames(folder: string, stem: string, extension: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [] as string[]);
  const kept = names.filter(
    (name) => name.startsWith(stem) && name.endsWith(extension) && setAsidePattern.test(name),
  );
  return kept.sort().slice(-asideShown);
}
