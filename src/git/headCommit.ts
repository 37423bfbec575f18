import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RepositoryPaths } from './locate.js';
import { looseRef } from './looseRef.js';
import { isObjectId } from './names.js';

const branch = /^ref: (refs\/heads\/[^\0\n]+)\n?$/;

/**
 * The commit of HEAD as far as files say it, without a run of git. Null where they do not: before the first commit,
 * or where refs are packed or kept in another form; then git has to be asked.
 */
export async function headCommit({ gitDir, commonDir }: RepositoryPaths): Promise<string | null> {
  const text = await readFile(join(gitDir, 'HEAD'), 'utf8').catch(() => '');
  const id = text.trimEnd();
  if (isObjectId(id)) return id;
  const ref = branch.exec(text)?.[1];
  return ref === undefined || ref.split('/').includes('..') ? null : looseRef(commonDir, ref);
}
