import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deflate } from 'node:zlib';

/** An object as git stores it, with the id that git gives it. */
export interface GitObject {
  readonly type: 'commit' | 'tree' | 'blob';
  readonly bytes: Uint8Array;
  readonly id: string;
}

/** An entry of a tree. */
export interface TreeChild {
  /** Octal, such as 100644. */
  readonly mode: string;
  readonly id: string;
}

/** The numbers of the types in a pack. */
const packType = { commit: 1, tree: 2, blob: 3 } as const;
const compress = promisify<Uint8Array, { level: number }, Buffer>(deflate);

const hashOf = (idLength: number) => createHash(idLength === 64 ? 'sha256' : 'sha1');

/** `idLength`: hex digits, 40 (SHA-1) or 64 (SHA-256). */
export function gitObject(type: GitObject['type'], bytes: Uint8Array, idLength: number): GitObject {
  const hash = hashOf(idLength).update(`${type} ${bytes.length}\0`).update(bytes);
  return { type, bytes, id: hash.digest('hex') };
}

/** A tree with these entries; names as latin1, so that any bytes stay what they are. */
export function treeObject(entries: ReadonlyMap<string, TreeChild>, idLength: number): GitObject {
  const key = ([name, { mode }]: readonly [string, TreeChild]): Buffer =>
    Buffer.from(/^0?40000$/.test(mode) ? `${name}/` : name, 'latin1');
  const sorted = [...entries].sort((a, b) => Buffer.compare(key(a), key(b)));
  const parts = sorted.flatMap(([name, { mode, id }]) => [
    Buffer.from(`${mode.replace(/^0/, '')} ${name}\0`, 'latin1'),
    Buffer.from(id, 'hex'),
  ]);
  return gitObject('tree', Buffer.concat(parts), idLength);
}

/** A pack stream of these objects, hardly compressed: it is for a git beside this process. */
export async function packOf(objects: readonly GitObject[], idLength: number): Promise<Buffer> {
  const head = Buffer.alloc(12);
  head.write('PACK', 'latin1');
  head.writeUInt32BE(2, 4);
  head.writeUInt32BE(objects.length, 8);
  const parts: Buffer[] = [head];
  for (const { type, bytes } of objects) {
    parts.push(entryHead(packType[type], bytes.length));
    parts.push(await compress(bytes, { level: 0 }));
  }
  const hash = hashOf(idLength);
  for (const part of parts) hash.update(part);
  return Buffer.concat([...parts, hash.digest()]);
}

/** Type and size, seven bits a byte after the first four. */
function entryHead(type: number, size: number): Buffer {
  const bytes: number[] = [];
  let byte = (type << 4) | (size & 15);
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push(byte | 128);
    byte = rest & 127;
  }
  bytes.push(byte);
  return Buffer.from(bytes);
}
