import { createHash } from 'node:crypto';
import { askOnce } from './oneAct.js';
import { gitText } from './runGit.js';

/** Hex digits of an object id of a repository: 40 (SHA-1) or 64 (SHA-256). Throws `git.failed`. */
export async function objectIdLength(root: string): Promise<number> {
  const args = ['rev-parse', '--show-object-format'];
  const call = { folder: root, doing: 'read the object format', args };
  const format = await askOnce(`format\0${root}`, () => gitText(call));
  return format === 'sha256' ? 64 : 40;
}

/** The id that git gives a blob with these bytes; `length`: as objectIdLength. */
export function blobId(bytes: Uint8Array, length: number): string {
  const hash = createHash(length === 64 ? 'sha256' : 'sha1');
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
}
