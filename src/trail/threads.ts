import { isPromptAuditError } from '../core/errors.js';
import { lineMap, linesOf, placeOf, type LineMap } from '../core/lineMap.js';
import type { VersionRecord } from '../core/state.js';
import { threadsOf } from '../core/talk.js';
import { threadRow, type PlacedThread, type ThreadRow } from '../core/talkRows.js';
import { settlementFor } from '../core/versionRows.js';
import type { TrailContext } from './context.js';
import { resolveVersion } from './resolveVersion.js';
import { readText } from './site.js';
import { textOf } from './talk.js';
import type { ThreadsInput } from './talkApi.js';

/** Versions whose texts are compared, the newest ones; of those before them nobody is told where their lines are. */
const mostTexts = 200;

/** Lines and UTF-16 units of a quotation; longer ones end with "…". */
const mostQuoted = { lines: 12, units: 1200 } as const;

/**
 * What was said about a version and about those before it, oldest version first, each where it stands in the text
 * that is asked about. Throws what resolving the version throws.
 */
export async function threads(
  context: TrailContext,
  input: ThreadsInput,
): Promise<readonly PlacedThread[]> {
  const version = resolveVersion(context, input.target, { forWriting: false });
  const before = version.prompt.versions.slice(0, version.number);
  const withTalk = before.filter(({ talk }) => talk.length > 0);
  if (withTalk.length === 0) return [];
  const { state, view } = context;
  const settlement = settlementFor(view, version);
  const into = await shownText(context, version, input.within);
  const placed: PlacedThread[] = [];
  for (const [at, one] of withTalk.entries()) {
    const onlyOpen = input.open === true || (input.open === 'before' && one !== version);
    const found = threadsOf(state, one).filter(
      (thread) => !onlyOpen || !settlement.isSettled(thread),
    );
    if (found.length === 0) continue;
    const own = withTalk.length - at > mostTexts ? null : await textIfHere(context, one);
    const map = own === null || into === null ? null : lineMap(own, into);
    const rows = found.map((thread) => threadRow({ ...view, settlement }, thread));
    placed.push(...rows.map((row) => placedThread(row, { own, map, into })));
  }
  return placed;
}

interface Texts {
  /** Null: it is not here. */
  readonly own: string | null;
  readonly into: string | null;
  readonly map: LineMap | null;
}

function placedThread(row: ThreadRow, { own, into, map }: Texts): PlacedThread {
  const { lines } = row;
  if (lines === null) return { ...row, place: null, quote: null };
  const quote = own === null ? null : quoted(linesOf(own).slice(lines.line - 1, lines.endLine));
  if (map !== null) return { ...row, place: placeOf(map, lines), quote };
  const count = into === null ? lines.endLine : linesOf(into).length;
  const place = { line: Math.min(lines.line, count), endLine: Math.min(lines.endLine, count) };
  return { ...row, place: { ...place, kept: false }, quote };
}

function quoted(lines: readonly string[]): string {
  const text = lines.slice(0, mostQuoted.lines).join('\n').slice(0, mostQuoted.units);
  const isCut = lines.length > mostQuoted.lines || lines.join('\n').length > mostQuoted.units;
  return (isCut ? `${text}…` : text).toWellFormed();
}

async function shownText(
  context: TrailContext,
  version: VersionRecord,
  within: ThreadsInput['within'],
): Promise<string | null> {
  if (typeof within === 'object') return within.text;
  if (within === undefined) return textIfHere(context, version);
  const { path } = version.prompt;
  if (path === null) return null;
  try {
    return new TextDecoder().decode(await readText(context.site, path));
  } catch (error) {
    if (isPromptAuditError(error)) return null;
    throw error;
  }
}

/** Null where the text was redacted, or is not in this clone. */
async function textIfHere(context: TrailContext, version: VersionRecord): Promise<string | null> {
  try {
    return await textOf(context, version);
  } catch (error) {
    const isGone = ['content.missing', 'content.redacted'] as const;
    if (isGone.some((code) => isPromptAuditError(error, code))) return null;
    throw error;
  }
}
