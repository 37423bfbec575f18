import { CollapsedText } from '../core/collapsedText.js';
import { PromptAuditError } from '../core/errors.js';
import type { Digest } from '../core/ids.js';
import { linesOf } from '../core/lineMap.js';
import { activeDeployments } from '../core/activeRows.js';
import { report, type Watch } from '../core/watch.js';
import { commonShare, wordCounts, wordsOf } from '../core/words.js';
import type { TrailContext } from './context.js';
import type { Identified, IdentifiedRow } from './identifyApi.js';
import { bytesOrWhy, utf8 } from './textIfHere.js';

/** A text of a version that is like what was asked about. */
export interface LikeText {
  readonly digest: Digest;
  readonly text: string;
  readonly match: Exclude<IdentifiedRow['match'], 'exact'>;
  readonly similarity: number;
  readonly lines: IdentifiedRow['lines'];
}

export interface LikeTexts extends Pick<Identified, 'compared' | 'notCompared'> {
  /** Best first; of the same rank where one is active first, then the newest. */
  readonly found: readonly LikeText[];
}

/** Texts that one search compares, the newest, and their bytes together: a few seconds of work. */
const most = { texts: 5000, bytes: 32 * 1024 * 1024 } as const;

/** At least so alike is what git, too, takes for the same file with changes. */
const leastAlike = 0.5;

/** The text of a version with fewer words would stand in anything. */
const fewestWords = 4;

const ranks = ['same-text', 'part', 'whole', 'near'] as const;

/** Compares a text with those of all versions. Throws `cancelled`, and what reading throws. */
export async function likeTexts(
  context: TrailContext,
  asked: string,
  watch: Watch | undefined,
): Promise<LikeTexts> {
  const { newest, active } = digestsOf(context);
  const isLike = likenessTo(asked);
  const found: LikeText[] = [];
  const notCompared = { redacted: 0, missing: 0, beyondLimits: 0 };
  let [compared, bytesRead] = [0, 0];
  for (const [done, digest] of newest.entries()) {
    report(watch, { what: 'search', done, total: newest.length });
    if (compared >= most.texts || bytesRead >= most.bytes) {
      notCompared.beyondLimits += newest.length - done;
      break;
    }
    const bytes = await bytesOrWhy(context, digest);
    if (bytes instanceof PromptAuditError) {
      notCompared[bytes.code === 'content.redacted' ? 'redacted' : 'missing']++;
      continue;
    }
    compared++;
    bytesRead += bytes.length;
    const text = utf8(bytes);
    const like = text === undefined ? null : isLike(text);
    if (like !== null && text !== undefined) found.push({ digest, text, ...like });
  }
  const order = ({ digest, match, similarity }: LikeText): readonly number[] => [
    ranks.indexOf(match),
    -similarity,
    active.has(digest) ? 0 : 1,
  ];
  found.sort((a, b) => {
    const [one, other] = [order(a), order(b)];
    const at = one.findIndex((value, i) => value !== other[i]);
    return at === -1 ? 0 : one[at]! - other[at]!;
  });
  return { found, compared, notCompared };
}

/** The digests of all versions' texts, the newest first, and of those that are active somewhere. */
function digestsOf({ state }: TrailContext): {
  readonly newest: readonly Digest[];
  readonly active: ReadonlySet<Digest>;
} {
  const versions = [...state.versions.values()].sort((a, b) => b.seq - a.seq);
  const prompts = [...state.prompts.values()];
  return {
    newest: [...new Set(versions.map(({ event }) => event.header.refs.digest))],
    active: new Set(
      prompts.flatMap((prompt) =>
        activeDeployments(prompt).map(({ event }) => event.header.refs.digest),
      ),
    ),
  };
}

type Like = Pick<LikeText, 'match' | 'similarity' | 'lines'>;

function likenessTo(asked: string): (text: string) => Like | null {
  const lines = linesOf(asked).join('\n');
  const whole = new CollapsedText(asked);
  const counts = wordCounts(wordsOf(asked));
  return (text) => {
    if (linesOf(text).join('\n') === lines)
      return { match: 'same-text', similarity: 1, lines: null };
    const collapsed = new CollapsedText(text);
    const [place] = collapsed.placesOf(whole);
    if (place !== undefined) return { match: 'part', similarity: 1, lines: place };
    const words = wordCounts(wordsOf(text));
    if (words.size >= fewestWords && whole.placesOf(collapsed).length > 0)
      return { match: 'whole', similarity: 1, lines: null };
    const similarity = commonShare(counts, words);
    return similarity < leastAlike ? null : { match: 'near', similarity, lines: null };
  };
}
