import { l10n, type QuickPickItem } from 'vscode';
import type { EventType } from '../../core/event.js';
import type { EventRow } from '../../core/rows.js';
import { mostVersions, versionEntry } from '../commands/targets.js';
import type { TrailSession } from '../session/trailSession.js';
import { askText, pickOne, type Answer, type PickEntry, type StepFrame } from '../ui/quickInput.js';
import { ago } from '../ui/time.js';
import { promptName } from '../ui/words.js';

/** Events that a list offers: the newest ones. */
const mostEvents = 200;

const other = Symbol('other');

/** Asks for an event of some types, or all: its id. */
export async function pickEvent(
  session: TrailSession,
  frame: StepFrame & { readonly placeholder: string },
  types: readonly EventType[],
): Promise<Answer<string>> {
  const rows = await session
    .requireTrail()
    .log({ newest: mostEvents, ...(types.length === 0 ? {} : { types }) });
  const items: (PickEntry<string | typeof other> | QuickPickItem)[] = [
    ...rows.toReversed().map(eventEntry),
    {
      label: `$(edit) ${l10n.t('Type an event ID or a version…')}`,
      alwaysShow: true,
      value: other,
    },
  ];
  const answer = await pickOne<string | typeof other>({ ...frame, items });
  return answer === other
    ? await askText({
        ...frame,
        prompt: l10n.t('The first digits of an event ID, or a version as prompts/a.prompt.md@v3'),
        missing: l10n.t('This question needs one.'),
      })
    : answer;
}

function eventEntry(row: EventRow): PickEntry<string> {
  return {
    label: row.path === null ? row.summary : `${promptName(row.path)}: ${row.summary}`,
    description: [row.who.name, ago(row.at), row.id.slice(0, 7)].join(' · '),
    ...(row.note === null ? {} : { detail: row.note }),
    value: row.id,
  };
}

/** Asks for a version of a prompt: its digest. */
export async function pickDigest(
  session: TrailSession,
  path: string,
  frame: StepFrame,
): Promise<Answer<string>> {
  const versions = await session.requireTrail().versions(path, mostVersions);
  const items = versions.toReversed().map((version) => ({
    ...versionEntry(version),
    value: version.digest,
  }));
  const placeholder = l10n.t('Which version of {0}?', promptName(path));
  return await pickOne<string>({ ...frame, placeholder, items });
}
