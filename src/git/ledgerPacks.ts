import { readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, onDisk } from '../ledger/diskErrors.js';
import { loosePath } from './quarantine.js';
import { packedCount, packedIds } from './packIndex.js';

/** A pack in which nothing but the ledger's objects is. */
export interface LedgerPack {
  /** Such as pack-<hash>. */
  readonly name: string;
  readonly bytes: number;
  readonly ids: readonly string[];
  /** Of a partial clone: its objects may name some that only the remote has. */
  readonly promisor: boolean;
}

/** A pack with one of these is somebody's decision, or belongs to something larger. */
const settled = ['.keep', '.bitmap', '.mtimes'];
/** In the order in which git removes them: without its index a pack is not looked at. */
const endings = ['.idx', '.rev', '.pack', '.promisor'];

/** Those of the wanted objects that lie loose in a folder of objects, with their bytes on the disk. */
export async function looseOf(
  objects: string,
  wanted: ReadonlyMap<string, string>,
): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const prefix of new Set([...wanted.keys()].map((id) => id.slice(0, 2))))
    for (const rest of await readdir(join(objects, prefix)).catch(() => [] as string[])) {
      const id = prefix + rest;
      if (!wanted.has(id)) continue;
      const info = await stat(join(objects, loosePath(id))).catch(() => null);
      if (info !== null) found.set(id, info.size);
    }
  return found;
}

/** The packs of a folder of objects that hold nothing but objects of the ledger, the smallest first. */
export async function ledgerPacks(
  objects: string,
  ours: ReadonlyMap<string, string>,
  idLength: number,
): Promise<LedgerPack[]> {
  const folder = join(objects, 'pack');
  const files = new Set(await readdir(folder).catch(() => [] as string[]));
  if (files.has('multi-pack-index.d')) return [];
  const listed = files.has('multi-pack-index')
    ? await onDisk(folder, () => readFile(join(folder, 'multi-pack-index')))
    : Buffer.alloc(0);
  const packs: LedgerPack[] = [];
  for (const file of files) {
    const [, name] = /^(pack-[0-9a-f]+)\.idx$/.exec(file) ?? [];
    if (name === undefined || !files.has(`${name}.pack`) || listed.includes(`${name}.`)) continue;
    if (settled.some((ending) => files.has(name + ending))) continue;
    // Most packs are the user's, and large: no need to read more than their size.
    const count = await packedCount(join(folder, file));
    if (count === null || count === 0 || count > ours.size) continue;
    const ids = await packedIds(join(folder, file), idLength);
    if (ids === null || !ids.every((id) => ours.has(id))) continue;
    const { size: bytes } = await stat(join(folder, `${name}.pack`));
    packs.push({ name, bytes, ids, promisor: files.has(`${name}.promisor`) });
  }
  return packs.sort((a, b) => a.bytes - b.bytes);
}

/** Moves a new pack into a folder of objects, its index last: with that git sees it. */
export async function installPack(from: string, objects: string, name: string): Promise<void> {
  for (const ending of [...endings].reverse()) {
    const file = join(from, name + ending);
    if ((await stat(file).catch(() => null)) === null) continue;
    await onDisk(file, () => rename(file, join(objects, 'pack', name + ending)));
  }
}

/** Removes packs whose objects all lie elsewhere now. One that is in use (Windows) or kept meanwhile stays. */
export async function removePacks(objects: string, packs: readonly LedgerPack[]): Promise<void> {
  for (const { name } of packs) {
    const path = join(objects, 'pack', name);
    if ((await stat(`${path}.keep`).catch(() => null)) !== null) continue;
    for (const ending of endings) if (!(await removed(path + ending))) break;
  }
}

export async function removeLoose(objects: string, ids: Iterable<string>): Promise<void> {
  for (const id of ids) await removed(join(objects, loosePath(id)));
}

async function removed(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    return errorCode(error) === 'ENOENT';
  }
}
