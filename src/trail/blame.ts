import { activeRow, deploymentSpans } from '../core/activeRows.js';
import { CollapsedText } from '../core/collapsedText.js';
import { PromptAuditError } from '../core/errors.js';
import { upTo } from '../core/eventRows.js';
import type { EventId } from '../core/ids.js';
import { versionLabel } from '../core/labels.js';
import { lineMap, linesOf } from '../core/lineMap.js';
import type { PersonRef } from '../core/rows.js';
import type { VersionRecord } from '../core/state.js';
import { versionRow } from '../core/versionRows.js';
import type { Blamed, BlamedVersion, BlameInput, BlameLine, BlameTurn } from './blameApi.js';
import { content } from './content.js';
import type { TrailContext } from './context.js';
import { resolveVersion } from './resolveVersion.js';
import { bytesOrWhy } from './textIfHere.js';

/** Versions that are compared one with the next, the newest ones. */
const mostVersions = 1000;

/**
 * Which version brought in each line of a version, and when words came and went. Versions whose texts are gone are
 * skipped and named. Throws `content.missing`, `content.redacted` for the version itself, and what resolving it throws.
 */
export async function blame(context: TrailContext, input: BlameInput): Promise<Blamed> {
  const version = resolveVersion(context, input.target, { forWriting: false });
  const text = decoded(await content(context, version.event.header.refs.digest));
  const chain = version.prompt.versions.slice(0, version.number);
  const { read, unread } = await textsOf(context, chain.slice(-mostVersions), text);
  const origins = originsOf(read);
  const { lines, turns } = chosen(read, input.grep);
  const shown = lines.map((line): BlameLine => ({
    line,
    text: linesOf(text)[line - 1] ?? '',
    version: origins[line - 1]!.event.id,
  }));
  const ids = new Set<EventId>([...shown, ...turns].map((one) => one.version));
  const named = read.filter((one) => ids.has(one.version.event.id));
  return {
    version: versionRow(context.view, version),
    lines: shown,
    versions: named.map((one) => {
      const isKept = shown.some((line) => line.version === one.version.event.id);
      const last = isKept
        ? { number: version.number, isEnd: version === version.prompt.versions.at(-1) }
        : { number: lastWith(one.version, turns, read), isEnd: true };
      return blamedVersion(context, one, last, input.env);
    }),
    turns,
    unread: unread.map(({ version: one, why }) => ({
      label: versionLabel(one, context.finalSize),
      why,
    })),
    older: Math.max(0, chain.length - mostVersions),
  };
}

interface ReadVersion {
  readonly version: VersionRecord;
  readonly text: string;
  /** Versions just before it that could not be read. */
  readonly orBefore: readonly EventId[];
}

interface UnreadVersion {
  readonly version: VersionRecord;
  readonly why: string;
}

/** What can be read of a chain of versions; `last` is the text of its last one. */
async function textsOf(
  context: TrailContext,
  chain: readonly VersionRecord[],
  last: string,
): Promise<{ readonly read: readonly ReadVersion[]; readonly unread: readonly UnreadVersion[] }> {
  const read: ReadVersion[] = [];
  const unread: UnreadVersion[] = [];
  let gone: EventId[] = [];
  for (const version of chain) {
    const bytes =
      version === chain.at(-1) ? last : await bytesOrWhy(context, version.event.header.refs.digest);
    if (bytes instanceof PromptAuditError) {
      unread.push({ version, why: bytes.message });
      gone.push(version.event.id);
      continue;
    }
    const text = typeof bytes === 'string' ? bytes : decoded(bytes);
    read.push({ version, text, orBefore: gone });
    gone = [];
  }
  return { read, unread };
}

/** For each line of the last text the version that brought it in. */
function originsOf(read: readonly ReadVersion[]): readonly VersionRecord[] {
  let origins: VersionRecord[] = [];
  let before = '';
  for (const [at, { version, text }] of read.entries()) {
    const next = linesOf(text).map(() => version);
    if (at > 0 && text !== before)
      for (const [line, to] of lineMap(before, text).to.entries())
        if (to !== 0) next[to - 1] = origins[line]!;
    origins = at > 0 && text === before ? origins : next;
    before = text;
  }
  return origins;
}

/** The numbers of the lines that are asked about, and how the words that are looked for came and went. */
function chosen(
  read: readonly ReadVersion[],
  grep: string | undefined,
): { readonly lines: readonly number[]; readonly turns: readonly BlameTurn[] } {
  const last = read.at(-1)?.text ?? '';
  if (grep === undefined) return { lines: linesOf(last).map((_, at) => at + 1), turns: [] };
  const wanted = new CollapsedText(grep, { anyCase: true });
  const lines = new Set<number>();
  for (const { line, endLine } of new CollapsedText(last, { anyCase: true }).placesOf(wanted))
    for (let at = line; at <= endLine; at++) lines.add(at);
  const turns: BlameTurn[] = [];
  for (const { version, text } of read) {
    const has = new CollapsedText(text, { anyCase: true }).placesOf(wanted).length > 0;
    if (has === (turns.at(-1)?.what === 'came')) continue;
    turns.push({ version: version.event.id, what: has ? 'came' : 'went' });
  }
  return { lines: [...lines], turns };
}

/** The number of the last version before the words turned again. */
function lastWith(
  version: VersionRecord,
  turns: readonly BlameTurn[],
  read: readonly ReadVersion[],
): number {
  const at = turns.findIndex((turn) => turn.version === version.event.id);
  const next = turns[at + 1]?.version;
  const end = read.findIndex((one) => one.version.event.id === next);
  return (end === -1 ? read.at(-1) : read[end - 1])?.version.number ?? version.number;
}

function blamedVersion(
  context: TrailContext,
  { version, orBefore }: ReadVersion,
  last: LastWith,
  env: string | undefined,
): BlamedVersion {
  const row = versionRow(context.view, version);
  const standing = row.decisions.filter(
    ({ decision, revoked }) => decision === 'approved' && revoked === undefined,
  );
  return {
    version: row,
    authors: authorsOf(context, version, orBefore.length),
    approvedBy: standing.map(({ by }) => by),
    ...(env === undefined
      ? { firstActive: null, activeUntil: null }
      : activity(context, version, last, env)),
    orBefore,
  };
}

/** `skipped`: number of versions just before it that could not be read, whose authors may be meant, too. */
function authorsOf(
  { state }: TrailContext,
  { prompt, number, seq, event, by }: VersionRecord,
  skipped: number,
): readonly PersonRef[] {
  const since = prompt.versions[number - 2 - skipped]?.seq ?? 0;
  const written = prompt.revisions.filter(
    (one) => one.id === event.header.refs.revision || (one.seq > since && one.seq < seq),
  );
  const people = new Set(written.flatMap((one) => [one.by, ...(one.coAuthors ?? [])]));
  if (people.size === 0) people.add(by);
  return [...people].map((id) => state.persons.ref(id, upTo(seq)));
}

/** The last version that has what is blamed; `isEnd`: no later one has it. */
interface LastWith {
  readonly number: number;
  readonly isEnd: boolean;
}

/** When a version from `first` to `last` was active in `env`. */
function activity(
  { state, finalSize }: TrailContext,
  first: VersionRecord,
  last: LastWith,
  env: string,
): Pick<BlamedVersion, 'firstActive' | 'activeUntil'> {
  const spans = deploymentSpans(first.prompt).filter(({ deployment, env: own }) => {
    const version = state.versions.get(deployment.event.header.refs.version);
    return (
      own === env &&
      version?.prompt === first.prompt &&
      first.number <= version.number &&
      version.number <= last.number
    );
  });
  const [span] = spans;
  const isOver = last.isEnd && spans.every(({ to }) => to !== null);
  return {
    firstActive: span === undefined ? null : activeRow(state, finalSize, span),
    activeUntil: isOver ? (spans.at(-1)?.to ?? null) : null,
  };
}

const decoded = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
