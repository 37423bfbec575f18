import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { gitOutput } from './runGit.js';

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const gitlink = '160000';

/**
 * Files of the work tree that are tracked, or untracked and not ignored, and exist: relative to the root,
 * with `/`, as git spells them. `unreadable` counts names that are not UTF-8; nothing could name those files.
 */
export async function listWorkFiles(
  root: string,
): Promise<{ paths: string[]; unreadable: number }> {
  const output = await gitOutput({
    folder: root,
    doing: 'list the files',
    args: ['ls-files', '-z', '-t', '-s', '-c', '-d', '-o', '--exclude-standard'],
  });
  const found = new Set<string>();
  const deleted = new Set<string>();
  const absentByChoice = new Set<string>();
  let unreadable = 0;
  for (const line of splitAtNul(output)) {
    let text: string;
    try {
      text = utf8.decode(line);
    } catch {
      unreadable++;
      continue;
    }
    const { tag, mode, path } = parseLine(text);
    if (mode === gitlink || path.endsWith('/')) continue;
    if (tag === 'R') deleted.add(path);
    else found.add(path);
    // Sparse checkout: git does not say whether such a file is there.
    if (tag === 'S') absentByChoice.add(path);
  }
  for (const path of deleted) found.delete(path);
  for (const path of absentByChoice) {
    if ((await lstat(join(root, path)).catch(() => null)) === null) found.delete(path);
  }
  return { paths: [...found], unreadable };
}

/** `? path`, or `H 100644 <id> 0<TAB>path` for what is in the index. */
function parseLine(line: string): { tag: string; mode: string; path: string } {
  const tag = line.charAt(0);
  if (tag === '?') return { tag, mode: '', path: line.slice(2) };
  const tab = line.indexOf('\t');
  return { tag, mode: line.slice(2, 8), path: line.slice(tab + 1) };
}

function* splitAtNul(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(0, at);
    const stop = end < 0 ? bytes.length : end;
    yield bytes.subarray(at, stop);
    at = stop + 1;
  }
}
