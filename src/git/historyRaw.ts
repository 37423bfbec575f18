import { PromptAuditError } from '../core/errors.js';
import { maxPathLength } from '../core/shapeChecks.js';
import { isObjectId, isWorkTreePath } from './names.js';

/** One entry of git's raw output that somebody wants. */
export interface RawChange {
  /** `A`, `D`, `M`, `R`, `T`, or another letter of git. */
  readonly status: string;
  /** Octal modes; `000000` where the file is not. */
  readonly oldMode: string;
  readonly mode: string;
  readonly oldBlob: string;
  readonly blob: string;
  /** Null for names that no file of a work tree can have, or that are not UTF-8. */
  readonly path: string | null;
  /** Where it was before, for `R`. */
  readonly from: string | null;
}

/** A commit of the log, before anything else is known of it. */
export interface RawCommit {
  readonly id: string;
  readonly parents: readonly string[];
  readonly changes: readonly RawChange[];
}

/** Tells which names are wanted, and remembers it: the same ones come again and again. */
export class WantedNames {
  readonly #wants: (path: string) => boolean;
  readonly #known = new Map<string, { readonly path: string | null } | null>();

  /** `wants` is asked for names as far as they can be shown. */
  constructor(wants: (path: string) => boolean) {
    this.#wants = wants;
  }

  /** Null: not wanted. */
  of(name: Buffer): { readonly path: string | null } | null {
    const key = name.toString('latin1');
    let known = this.#known.get(key);
    if (known === undefined) {
      const shown = name.toString('utf8', 0, 3 * maxPathLength);
      known = this.#wants(shown) ? { path: pathOf(name) } : null;
      this.#known.set(key, known);
    }
    return known;
  }
}

/** A name as a path; null where it is none. */
function pathOf(name: Buffer): string | null {
  if (name.length > 3 * maxPathLength) return null;
  const path = name.toString('utf8');
  const isUtf8 = !path.includes('\ufffd') || Buffer.from(path, 'utf8').equals(name);
  return isUtf8 && path.length <= maxPathLength && isWorkTreePath(path) ? path : null;
}

/** Bytes of one field; no name and no list of parents is longer. */
const maxField = 4 * 1024 * 1024;

/** Fields that end in NUL. What is longer than `maxField` is cut, and then no name. */
async function* fieldsOf(output: AsyncIterable<Buffer>): AsyncGenerator<Buffer[]> {
  let rest: Buffer[] = [];
  let kept = 0;
  for await (const chunk of output) {
    const fields: Buffer[] = [];
    let at = 0;
    for (;;) {
      const end = chunk.indexOf(0, at);
      const piece = chunk.subarray(at, end < 0 ? undefined : end);
      if (end < 0) {
        if (kept < maxField) rest.push(piece);
        kept += piece.length;
        break;
      }
      fields.push(rest.length === 0 ? piece : Buffer.concat([...rest, piece]));
      rest = [];
      kept = 0;
      at = end + 1;
    }
    yield fields;
  }
  if (kept > 0) yield [Buffer.concat(rest)];
}

const newline = 0x0a;
const colon = 0x3a;

/**
 * Reads `git log --raw -z --no-renames --format=tformat:%H %P`, some commits at a time. Positions alone say what a
 * field is, so no name can pass for something else. Throws `git.failed` for what git never prints.
 */
export async function* rawCommits(
  output: AsyncIterable<Buffer>,
  names: WantedNames,
): AsyncGenerator<RawCommit[]> {
  let commit: { id: string; parents: string[]; changes: RawChange[] } | null = null;
  let meta: Buffer | null = null;
  for await (const fields of fieldsOf(output)) {
    const done: RawCommit[] = [];
    for (const field of fields) {
      if (meta !== null) {
        const name = names.of(field);
        if (name !== null)
          commit!.changes.push(rawChange(meta.toString('latin1'), null, name.path));
        meta = null;
        continue;
      }
      const start = field[0] === newline ? 1 : 0;
      if (field[start] === colon && commit !== null) {
        meta = field.subarray(start);
        continue;
      }
      if (commit !== null) done.push(commit);
      commit = commitOf(field.toString('latin1', start));
    }
    yield done;
  }
  if (meta !== null) throw unreadableHistory();
  if (commit !== null) yield [commit];
}

function commitOf(text: string): { id: string; parents: string[]; changes: RawChange[] } {
  const [id = '', ...parents] = text.trim().split(' ');
  if (![id, ...parents].every(isObjectId)) throw unreadableHistory();
  return { id, parents: [...new Set(parents)], changes: [] };
}

const metaPattern = /^:(\d{6}) (\d{6}) ([0-9a-f]{40,64}) ([0-9a-f]{40,64}) ([A-Z])\d*$/;

/** One entry by what stands before its names. Throws `git.failed`. */
export function rawChange(meta: string, from: string | null, path: string | null): RawChange {
  const match = metaPattern.exec(meta);
  if (match === null) throw unreadableHistory();
  const [, oldMode = '', mode = '', oldBlob = '', blob = '', status = ''] = match;
  return { status, oldMode, mode, oldBlob, blob, path, from };
}

export function unreadableHistory(): PromptAuditError {
  return new PromptAuditError({
    code: 'git.failed',
    message: 'git printed a history that cannot be read.',
    remedy: 'Run git fsck to see whether the repository is damaged.',
  });
}
