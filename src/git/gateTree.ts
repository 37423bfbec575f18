import { PromptAuditError } from '../core/errors.js';
import type { GatePlace } from './gatePlace.js';
import { rawChange, type RawChange } from './historyRaw.js';
import { checkObjects } from './objectChecks.js';
import { isLeftAtRemote, readObjects } from './objects.js';
import { gitOutput } from './runGit.js';

/** What a commit has at a path. */
export interface TreeFile {
  /** Octal: `100644`, `100755`, `120000` (a link), `160000` (a submodule). */
  readonly mode: string;
  readonly id: string;
}

/** Everything that a commit has, by path; names that are not UTF-8 as far as they can be shown. Throws `git.failed`. */
export async function treeOf(
  { folder, env }: GatePlace,
  commit: string,
): Promise<ReadonlyMap<string, TreeFile>> {
  const output = await gitOutput({
    folder,
    env,
    doing: 'list a commit',
    args: ['ls-tree', '-r', '-z', '--full-tree', commit],
  });
  const files = new Map<string, TreeFile>();
  for (const line of output.toString('latin1').split('\0')) {
    const [, mode = '', id = '', name] = /^(\d+) \w+ ([0-9a-f]+)\t([\s\S]+)$/.exec(line) ?? [];
    if (name === undefined) continue;
    const path = shownPath(name);
    // git checks out one of them, and reads here another.
    if (files.has(path))
      throw new PromptAuditError({
        code: 'history.incomplete',
        message: `Commit ${commit.slice(0, 12)} has two files with the name ${JSON.stringify(path)}: nobody can tell which of them counts.`,
        remedy:
          'Such a commit was not made by git itself. Make it anew; git fsck names what is wrong.',
      });
    files.set(path, { mode, id });
  }
  return files;
}

/** A name as a path, its bytes as letters; of one that is not UTF-8 with `\\xff` for each such byte, so that none hides another. */
function shownPath(name: string): string {
  const bytes = Buffer.from(name, 'latin1');
  const path = bytes.toString('utf8');
  if (Buffer.from(path, 'utf8').equals(bytes)) return path;
  return name.replace(/[\x80-\xff\\]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}

/** What differs between the trees of two commits, renamed files as one change where git sees them. Throws `git.failed`. */
export async function changesBetween(
  place: GatePlace,
  from: string,
  to: string,
): Promise<readonly RawChange[]> {
  const output = await compare(place, from, to, '50%').catch((error: unknown) => {
    // What a partial clone left at its remote is not needed to see files that only moved.
    if (isLeftAtRemote(error)) return compare(place, from, to, '100%');
    throw error;
  });
  const fields = output.toString('latin1').split('\0');
  const changes: RawChange[] = [];
  for (let at = 0; at + 1 < fields.length;) {
    const meta = fields[at++]!;
    const first = fields[at++]!;
    const isPair = /[RC]\d*$/.test(meta);
    const path = isPair ? fields[at++]! : first;
    changes.push(rawChange(meta, isPair ? shownPath(first) : null, shownPath(path)));
  }
  return changes;
}

function compare(
  { folder, env }: GatePlace,
  from: string,
  to: string,
  alike: string,
): Promise<Buffer> {
  return gitOutput({
    folder,
    env,
    doing: 'compare two commits',
    args: [
      'diff-tree',
      '-r',
      '-z',
      '--raw',
      '--no-abbrev',
      `--find-renames=${alike}`,
      '-O/dev/null',
      '--ignore-submodules=none',
      '--no-ext-diff',
      '--no-textconv',
      '--no-relative',
      from,
      to,
    ],
    config: ['diff.renameLimit=1000'],
  });
}

/** The bytes of one file of a commit, or null; more than `maxBytes` as null, too. */
export async function smallFile(
  { folder, env }: GatePlace,
  file: TreeFile | undefined,
  maxBytes: number,
): Promise<Uint8Array | null> {
  if (file === undefined || !file.mode.startsWith('100')) return null;
  const [found] = await checkObjects({ folder, env, doing: 'look for texts' }, [file.id]);
  if (found?.type !== 'blob' || found.size > maxBytes) return null;
  return (await readObjects(folder, [file.id], 'here', env)).get(file.id) ?? null;
}
