import { mkdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PromptAuditError } from '../core/errors.js';
import { systemPlatform, type Platform } from '../ledger/platform.js';
import { durable } from './ledgerCommit.js';
import {
  installPack,
  ledgerPacks,
  looseOf,
  removeLoose,
  removePacks,
  type LedgerPack,
} from './ledgerPacks.js';
import { isObjectId } from './names.js';
import { packedIds } from './packIndex.js';
import { Quarantine } from './quarantine.js';
import { gitText, runGit } from './runGit.js';

const packTimeout = 30 * 60_000;
/** What a user may have set for other files. */
const packSettings = ['core.bigFileThreshold=512m', 'pack.windowMemory=0', 'pack.indexVersion=2'];
/** A git that was killed leaves its mark; git itself believes it no longer either. Milliseconds. */
const staleGc = 12 * 60 * 60_000;
/** Promisor packs come one by one; a few of them harm nobody. */
const fewPacks = 8;

export interface Housekept {
  /** Objects of the ledger that were loose and are packed now. */
  readonly objects: number;
  /** Packs that went into a new one. */
  readonly packs: number;
}

const nothing: Housekept = { objects: 0, packs: 0 };

/** Where a test stops, as a crash would. */
export type Step = 'packed' | 'installed' | 'packs removed';

export interface HousekeepingOptions {
  readonly platform?: Pick<Platform, 'syncFolder'>;
  readonly at?: (step: Step) => void;
}

/**
 * Packs the ledger's own loose objects (what refs/prompt-audit/ lead to) and puts packs that hold nothing but
 * such objects together, so that their number grows with the logarithm of the history. All other objects, packs and
 * settings of the user stay as they are, and unreachable objects, too. An object is removed only where the new
 * pack, which is durable then, has it: a crash leaves copies at most. Does nothing while git collects, where the
 * repository asks to lose no object, or with nothing loose.
 * Throws `git.failed`, `git.timeout`, `disk.full`, `disk.readOnly`.
 */
export async function packLedger(
  { root, commonDir }: { readonly root: string; readonly commonDir: string },
  { platform = systemPlatform, at }: HousekeepingOptions = {},
): Promise<Housekept> {
  const objects = join(commonDir, 'objects');
  if ((await isCollecting(commonDir)) || (await isPrecious(root))) return nothing;
  const ours = await ledgerObjects(root);
  const [first] = ours.keys();
  if (first === undefined) return nothing;
  const loose = await looseOf(objects, ours);
  const packs = await ledgerPacks(objects, ours, first.length);
  const place = { root, commonDir, ours, platform, at };
  const old = worthTaking(
    packs.filter(({ promisor }) => !promisor),
    Math.max(0, ...loose.values()),
  );
  if (loose.size + old.length > 1) await repack(place, { loose: [...loose.keys()], packs: old });
  const promised = packs.filter(({ promisor }) => promisor);
  const few = promised.length < fewPacks;
  const old2 = few ? [] : worthTaking(promised, promised[0]!.bytes);
  if (old2.length > 1) await repack(place, { loose: [], packs: old2 });
  return { objects: loose.size, packs: old.length + old2.length };
}

interface Place {
  readonly root: string;
  readonly commonDir: string;
  readonly ours: ReadonlyMap<string, string>;
  readonly platform: Pick<Platform, 'syncFolder'>;
  readonly at: ((step: Step) => void) | undefined;
}

/**
 * Packs that are not much larger than what goes into the new one anyway: so the larger a pack, the more seldom
 * it is written again. `bytes`: about what the loose objects will take, as differences of the largest.
 */
function worthTaking(packs: readonly LedgerPack[], bytes: number): LedgerPack[] {
  const taken: LedgerPack[] = [];
  let sum = bytes;
  for (const pack of packs) {
    if (pack.bytes > 2 * sum) break;
    taken.push(pack);
    sum += pack.bytes;
  }
  return taken;
}

async function repack(
  { root, commonDir, ours, platform, at }: Place,
  { loose, packs }: { readonly loose: readonly string[]; readonly packs: readonly LedgerPack[] },
): Promise<void> {
  const objects = join(commonDir, 'objects');
  const wanted = new Set([...loose, ...packs.flatMap(({ ids }) => ids)]);
  const quarantine = await Quarantine.open(commonDir);
  try {
    const folder = join(quarantine.folder, 'pack');
    // In the order of the history, with the paths by which git finds versions of one file.
    const lines = [...ours].filter(([id]) => wanted.has(id)).map(([id, path]) => `${id} ${path}\n`);
    const name = `pack-${await packObjects(root, join(folder, 'pack'), lines.join(''), quarantine)}`;
    const [length] = [...wanted].map((id) => id.length);
    const packed = new Set(await packedIds(join(folder, `${name}.idx`), length!));
    if (![...wanted].every((id) => packed.has(id))) throw incomplete();
    if (packs.some(({ promisor }) => promisor))
      await writeFile(join(folder, `${name}.promisor`), '');
    at?.('packed');
    await mkdir(join(objects, 'pack'), { recursive: true });
    await installPack(folder, objects, name);
    await platform.syncFolder(join(objects, 'pack'));
    at?.('installed');
    await removePacks(
      objects,
      packs.filter((pack) => pack.name !== name),
    );
    at?.('packs removed');
    await removeLoose(objects, loose);
  } finally {
    await quarantine.drop();
  }
}

/** Gives the hash in the names of the new pack's files. */
async function packObjects(
  root: string,
  base: string,
  input: string,
  { env }: Quarantine,
): Promise<string> {
  return gitText({
    folder: root,
    doing: 'pack the ledger',
    args: [
      'pack-objects',
      '--delta-base-offset',
      // One version differs from the next at its end only, so its neighbours are enough.
      '--window=4',
      // Whole copies are what costs; the newest version stays the one that is whole.
      '--depth=250',
      '--threads=1',
      '--max-pack-size=0',
      base,
    ],
    config: [...durable, ...packSettings],
    input,
    env,
    timeout: packTimeout,
  });
}

/** What refs/prompt-audit/ lead to and this clone has, with paths, the newest first. */
async function ledgerObjects(root: string): Promise<Map<string, string>> {
  const text = await gitText({
    folder: root,
    doing: 'list the objects of the ledger',
    args: ['rev-list', '--objects', '--missing=allow-any', '--glob=refs/prompt-audit/*', '--'],
  });
  const objects = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [id = ''] = line.split(' ', 1);
    if (isObjectId(id)) objects.set(id, line.slice(id.length + 1));
  }
  return objects;
}

async function isCollecting(commonDir: string): Promise<boolean> {
  const mark = await stat(join(commonDir, 'gc.pid')).catch(() => null);
  return mark !== null && Date.now() - mark.mtimeMs < staleGc;
}

async function isPrecious(root: string): Promise<boolean> {
  const args = ['config', '--type=bool', '--get', 'extensions.preciousObjects'];
  const { stdout } = await runGit({ folder: root, doing: 'read extensions.preciousObjects', args });
  return stdout.toString('utf8').trim() === 'true';
}

function incomplete(): PromptAuditError {
  return new PromptAuditError({
    code: 'git.failed',
    message: 'git left objects of the ledger out of a pack, so the pack was not taken.',
    remedy: 'Nothing was removed. Run git fsck to see whether the repository is damaged.',
  });
}
