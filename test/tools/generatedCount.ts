import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { gitEnvironment } from './git.js';

/** Between the parts of a text; names have tabs. */
export const cut = '\x1f';

/** What plain git says that an import must record; made without any code of src. */
export interface PlainCount {
  readonly commits: number;
  /** Of each commit the author's address, or name, and the time in seconds. */
  readonly who: ReadonlyMap<string, string>;
  /** One text for each change, by path, digest of the bytes, author's address or name, and time. */
  readonly revisions: ReadonlySet<string>;
  /** The same by old and new path. */
  readonly moves: ReadonlySet<string>;
  readonly removals: ReadonlySet<string>;
  /** Distinct pairs of path and bytes in all trees of the history. */
  readonly pairs: ReadonlySet<string>;
  /** Changes of files whose names are not UTF-8, merges left out. */
  readonly unread: number;
}

interface Entry {
  readonly modes: readonly string[];
  readonly blobs: readonly string[];
  readonly status: string;
  /** As latin1 strings; `from` for renames. */
  readonly path: string;
  readonly from: string | null;
}

interface Logged {
  readonly id: string;
  readonly parents: number;
  readonly who: string;
  readonly entries: readonly Entry[];
}

/** Counts with `git log -c` (a merge differs from all its parents) and, for renames, `git log -M50%`. */
export function plainCount(
  folder: string,
  revisions: readonly string[] = ['--all', 'HEAD'],
): PlainCount {
  const combined = logOf(folder, ['-c', '--no-renames'], revisions);
  const first = logOf(folder, ['-M50%', '--diff-merges=first-parent'], revisions);
  const moved = new Map(first.map(({ id, entries }) => [id, entries.filter(isMove)]));
  const digests = new Digests(folder);
  const result = {
    commits: combined.length,
    who: new Map(combined.map(({ id, who }) => [id, who])),
    revisions: new Set<string>(),
    moves: new Set<string>(),
    removals: new Set<string>(),
    pairs: new Set<string>(),
  };
  for (const { id, parents, who, entries } of combined) {
    const isNewPlace = (path: string): boolean =>
      parents < 2 || entries.some((e) => e.path === path && /^A+$/.test(e.status));
    const moves = (moved.get(id) ?? []).filter(({ path }) => isNewPlace(path));
    for (const { from, path } of moves)
      result.moves.add(`${name(from!)}${cut}${name(path)}${cut}${who}`);
    for (const entry of entries) {
      const { modes, blobs, path } = entry;
      if (!isTracked(path)) continue;
      const [mode, blob] = [modes.at(-1)!, blobs.at(-1)!];
      const wasAll = modes.slice(0, -1).every(isRegular);
      if (isRegular(mode)) {
        // A change of the mode alone changes no bytes.
        if (modes.slice(0, -1).some((m, i) => isRegular(m) && blobs[i] === blob)) continue;
        if (moves.some((m) => m.path === path && m.blobs[0] === blob)) continue;
        result.revisions.add(`${name(path)}${cut}${digests.of(blob)}${cut}${who}`);
      } else if (wasAll && !moves.some((m) => m.from === path)) {
        result.removals.add(`${name(path)}${cut}${who}`);
      }
    }
  }
  let unread = 0;
  for (const { parents, entries } of first)
    if (parents < 2)
      for (const { path, status, modes } of entries)
        if (status !== 'D' && isRegular(modes.at(-1)!) && isPrompt(path) && !isUtf8(path)) unread++;
  // What is in a tree came there by a change against a first parent.
  for (const { entries } of first)
    for (const { path, modes, blobs } of entries)
      if (isRegular(modes.at(-1)!) && isTracked(path))
        result.pairs.add(`${name(path)}${cut}${digests.of(blobs.at(-1)!)}`);
  return { ...result, unread };
}

const isRegular = (mode: string): boolean => mode.startsWith('100');
const isPrompt = (path: string): boolean => path.endsWith('.prompt.md');
const isUtf8 = (path: string): boolean =>
  Buffer.from(Buffer.from(path, 'latin1').toString('utf8'), 'utf8').equals(
    Buffer.from(path, 'latin1'),
  );
const isTracked = (path: string): boolean => isPrompt(path) && isUtf8(path);
const name = (path: string): string => Buffer.from(path, 'latin1').toString('utf8');

const isMove = ({ status, from, path, modes }: Entry): boolean =>
  status.startsWith('R') && modes.every(isRegular) && isTracked(from!) && isTracked(path);

function plainGit(folder: string, args: readonly string[], input?: string): string {
  const env = { ...process.env, ...gitEnvironment };
  const options = { cwd: folder, env, encoding: 'latin1', maxBuffer: 2 ** 30, input } as const;
  return execFileSync('git', args, options);
}

function logOf(folder: string, how: readonly string[], revisions: readonly string[]): Logged[] {
  const format = '--format=%x01%H %P%x00%ae%x00%an%x00%ad';
  const args = ['log', '-z', '--raw', '--no-abbrev', '--date=raw', '--root', format, ...how];
  const fields = plainGit(folder, [...args, ...revisions, '--']).split('\0');
  const commits: Logged[] = [];
  for (let at = 0; at < fields.length;) {
    if (!fields[at]!.startsWith('\x01')) {
      at++;
      continue;
    }
    const ids = fields[at]!.slice(1).trim().split(' ');
    const [email = '', author = '', date = ''] = fields.slice(at + 1, at + 4);
    at += 4;
    const entries: Entry[] = [];
    while (at < fields.length && /^(\n?:|$)/.test(fields[at]!)) {
      // git puts an empty field before the entries of a merge.
      if (fields[at] === '') {
        at++;
        continue;
      }
      const [colons, rest] = /^\n?(:+)([^]*)$/.exec(fields[at]!)!.slice(1) as [string, string];
      const parts = rest.split(' ');
      const count = colons.length + 1;
      const status = parts[2 * count]!;
      const from = /^[RC]/.test(status) ? fields[++at]! : null;
      const path = fields[++at]!;
      entries.push({
        modes: parts.slice(0, count),
        blobs: parts.slice(count, 2 * count),
        status,
        from,
        path,
      });
      at++;
    }
    const seconds = date.split(' ')[0] || rawTime(folder, ids[0]!);
    const who = `${(name(email) || name(author)).toLowerCase()} ${seconds}`;
    commits.push({ id: ids[0]!, parents: new Set(ids.slice(1)).size, who, entries });
  }
  return commits;
}

/** git prints no moment before 1970. */
function rawTime(folder: string, commit: string): string {
  return /^author .*> (-?\d+)/m.exec(plainGit(folder, ['cat-file', 'commit', commit]))![1]!;
}

class Digests {
  readonly #known = new Map<string, string>();
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    const objects = plainGit(folder, [
      'cat-file',
      '--batch-all-objects',
      '--batch-check=%(objectname) %(objecttype)',
    ]);
    const ids = objects
      .split('\n')
      .filter((line) => line.endsWith(' blob'))
      .map((line) => line.split(' ')[0]!);
    const output = Buffer.from(
      plainGit(folder, ['cat-file', '--batch'], `${ids.join('\n')}\n`),
      'latin1',
    );
    let at = 0;
    for (const id of ids) {
      const end = output.indexOf(10, at);
      const size = Number(output.toString('latin1', at, end).split(' ')[2]);
      const bytes = output.subarray(end + 1, end + 1 + size);
      this.#known.set(id, createHash('sha256').update(bytes).digest('hex'));
      at = end + size + 2;
    }
  }

  of(blob: string): string {
    const known = this.#known.get(blob);
    if (known === undefined) throw new Error(`${blob} is not in ${this.#folder}`);
    return known;
  }
}
