import type { Digest } from '../core/ids.js';
import { textDiff, type TextDiff } from '../core/textDiff.js';
import type { VersionRecord } from '../core/state.js';
import type { VersionChange } from '../report/reportFacts.js';
import type { TrailContext } from './context.js';
import type { Gathered } from './exportGather.js';
import type { Pace } from './exportPace.js';
import { textOrWhy, type TextOrWhy } from './exportTexts.js';

/** Versions whose texts a report compares; the population is in its tables, and whole in an export. */
const mostChanges = 100;

/** What the versions of a report changed, the newest of many; `texts` keeps what was read for the next attempt. */
export async function changesOf(
  context: TrailContext,
  { selection, versions }: Gathered,
  texts: Map<Digest, TextOrWhy>,
  pace: Pace,
): Promise<readonly VersionChange[]> {
  const read = async (digest: Digest): Promise<TextOrWhy> => {
    const known = texts.get(digest) ?? (await textOrWhy(context, digest));
    texts.set(digest, known);
    return known;
  };
  const { deployment } = selection.asked;
  const changes: VersionChange[] = [];
  const first = Math.max(0, versions.length - mostChanges);
  for (const [at, version] of selection.versions.entries()) {
    if (at < first) continue;
    const before = deployment === null ? previousOf(version) : replacedBy(selection, version);
    const after = await read(version.event.header.refs.digest);
    const older = before === null ? null : await read(before.event.header.refs.digest);
    changes.push({ version, row: versions[at]!, before, ...compared(older, after) });
    await pace.step();
  }
  return changes;
}

/** The version before it. */
function previousOf(version: VersionRecord): VersionRecord | null {
  const { versions } = version.prompt;
  return versions[versions.indexOf(version) - 1] ?? null;
}

/** What the deployment replaced: the version that was live there before it; where none was, the version before. */
function replacedBy(
  { asked }: Gathered['selection'],
  version: VersionRecord,
): VersionRecord | null {
  const previous = asked.deployment?.event.header.refs.previous ?? null;
  const { prompt } = version;
  const replaced = prompt.deployments.find(({ id }) => id === previous);
  const id = replaced?.event.header.refs.version;
  return prompt.versions.find(({ event }) => event.id === id) ?? previousOf(version);
}

function compared(
  older: TextOrWhy | null,
  newer: TextOrWhy,
): Pick<VersionChange, 'diff' | 'missing'> {
  for (const one of [newer, older])
    if (one !== null && 'why' in one) return { diff: null, missing: one.why };
  const [before, after] = [older, newer].map((one) =>
    one !== null && 'bytes' in one ? Buffer.from(one.bytes).toString('utf8') : null,
  );
  return { diff: before == null ? allNew(after!) : textDiff(before, after!), missing: null };
}

/** A first version has nothing that went away, not even an empty line. */
function allNew(text: string): TextDiff {
  const diff = textDiff('', text);
  const lines = diff.lines.filter(({ kind }) => kind === 'added');
  return { ...diff, lines, removed: 0, unseen: [] };
}
