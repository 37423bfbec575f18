import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObjectId } from './names.js';

/**
 * The commit that a ref names, where it lies in a file of its own, which wins over packed refs; null where it
 * does not, as in a repository that keeps refs in another form: then git has to be asked.
 */
export async function looseRef(commonDir: string, ref: string): Promise<string | null> {
  const text = await readFile(join(commonDir, ref), 'utf8').catch(() => '');
  const id = text.trimEnd();
  return isObjectId(id) ? id : null;
}
