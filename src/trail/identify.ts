import { PromptAuditError } from '../core/errors.js';
import { digestOf } from '../core/hash.js';
import type { Digest } from '../core/ids.js';
import { textDiff, unseenDifferences } from '../core/textDiff.js';
import type { TrailContext } from './context.js';
import type { Identified, IdentifiedRow, IdentifyInput } from './identifyApi.js';
import { rowsWith, type Likeness } from './identifiedRows.js';
import { likeTexts, type LikeText } from './likeTexts.js';
import { maxPromptBytes } from './site.js';
import { utf8 } from './textIfHere.js';

const near = { usual: 3, most: 20 } as const;
const nothingLeftOut = { redacted: 0, missing: 0, beyondLimits: 0 } as const;
const fewestDigits = 7;

/**
 * Which prompt and version a text or a digest is: by its bytes; else the same lines with other ends, byte order mark or
 * final newline; else what is alike. Throws `prompt.tooLarge`, `usage`, `version.ambiguous`, `cancelled`.
 */
export async function identify(context: TrailContext, input: IdentifyInput): Promise<Identified> {
  if ('digest' in input) return byDigest(context, input.digest);
  const bytes = typeof input.text === 'string' ? Buffer.from(input.text, 'utf8') : input.text;
  assertSize(bytes);
  const digest = digestOf(bytes);
  const asked = { digest, size: bytes.length };
  const exact = rowsWith(context, digest, exactly);
  if (exact.length > 0) return { ...asked, ...complete(exact) };
  const text = utf8(bytes);
  if (text === undefined) return { ...asked, ...complete([]) };
  const respelt = [...spellings(text)].flatMap((one) => {
    const unseen = unseenDifferences(one, text);
    // Else only the number of newlines at the end can differ.
    const differs = unseen.length > 0 ? unseen : (['final-newline'] as const);
    return rowsWith(context, digestOf(one), { ...exactly, match: 'same-text', unseen: differs });
  });
  if (respelt.length > 0) return { ...asked, ...complete(respelt) };
  const most = Math.min(near.most, Math.max(0, input.near ?? near.usual));
  if (most === 0) return { ...asked, ...complete([]) };
  const { found, ...searched } = await likeTexts(context, text, input.watch);
  const rows = found.slice(0, most).flatMap((one) => rowsOfLike(context, text, one));
  return { ...asked, ...searched, rows, found: found.length };
}

const exactly: Likeness = {
  match: 'exact',
  similarity: 1,
  lines: null,
  unseen: [],
  difference: null,
};

const complete = (
  rows: readonly IdentifiedRow[],
): Pick<Identified, 'rows' | 'found' | 'compared' | 'notCompared'> => ({
  rows,
  found: rows.length,
  compared: 0,
  notCompared: nothingLeftOut,
});

function byDigest(context: TrailContext, given: string): Identified {
  const digits = given
    .trim()
    .toLowerCase()
    .replace(/^sha256:/, '');
  if (!/^[0-9a-f]*$/.test(digits) || digits.length < fewestDigits || digits.length > 64)
    throw new PromptAuditError({
      code: 'usage',
      message: `"${given.slice(0, 80)}" is no digest.`,
      remedy: `Give "sha256:" and 64 hex digits, or the first ${fewestDigits} digits at least.`,
    });
  const digest = digits.length === 64 ? (`sha256:${digits}` as Digest) : beginning(context, digits);
  const rows = digest === null ? [] : rowsWith(context, digest, exactly);
  return { digest, size: null, ...complete(rows) };
}

/** The one digest that begins so; null where none does. Throws `version.ambiguous`. */
function beginning({ state }: TrailContext, digits: string): Digest | null {
  const found = new Set<Digest>();
  for (const { revisions, versions } of state.prompts.values()) {
    for (const { digest } of revisions) if (digest.startsWith(digits, 7)) found.add(digest);
    for (const { event } of versions) {
      const { digest } = event.header.refs;
      if (digest.startsWith(digits, 7)) found.add(digest);
    }
  }
  if (found.size > 1)
    throw new PromptAuditError({
      code: 'version.ambiguous',
      message: `${found.size} texts have digests that begin with ${digits}.`,
      remedy: 'Give more digits.',
    });
  return [...found][0] ?? null;
}

/** The same lines as programs and people spell them: with and without byte order mark, line ends, final newline. */
function spellings(text: string): ReadonlySet<string> {
  const lines = text.replace(/^\ufeff/, '').replace(/\r\n|\r/g, '\n');
  const bare = lines.replace(/\n+$/, '');
  const spelt = new Set<string>();
  for (const one of [bare, `${bare}\n`, lines])
    for (const ended of [one, one.replaceAll('\n', '\r\n')])
      for (const mark of ['', '\ufeff']) spelt.add(mark + ended);
  return spelt;
}

function rowsOfLike(context: TrailContext, asked: string, one: LikeText): readonly IdentifiedRow[] {
  const { match, similarity, lines, text } = one;
  return rowsWith(context, one.digest, {
    match,
    similarity,
    lines,
    unseen: match === 'same-text' ? unseenDifferences(text, asked) : [],
    difference: match === 'near' ? textDiff(text, asked) : null,
  });
}

function assertSize({ length }: Uint8Array): void {
  if (length <= maxPromptBytes) return;
  throw new PromptAuditError({
    code: 'prompt.tooLarge',
    message: `The text has more than ${maxPromptBytes / 1024 / 1024} MB, which no prompt may have.`,
    remedy: 'Give only the part that is the prompt.',
  });
}
