import { l10n } from 'vscode';
import { hasRedactableBody } from '../../core/redactableBody.js';
import type { RedactInput } from '../../trail/redactApi.js';
import { EventArgument } from '../commands/eventArgument.js';
import { givenVersion, pickVersion, promptTarget, sessionTarget } from '../commands/targets.js';
import type { Sessions } from '../session/sessions.js';
import type { TrailSession } from '../session/trailSession.js';
import { askText, goBack, pickOne, type PickEntry } from '../ui/quickInput.js';

type What = Pick<RedactInput, 'target' | 'part'>;

export interface Chosen {
  readonly session: TrailSession;
  readonly what: What;
}

/** What is to be redacted: of the event or the version that was clicked, or of what the person names. */
export async function chooseTarget(
  sessions: Sessions,
  argument: unknown,
  title: string,
): Promise<Chosen | undefined> {
  if (argument instanceof EventArgument) {
    return await partOfEvent(argument, title);
  }
  const given = await givenVersion(sessions, argument);
  if (given !== null) {
    return await partOfEvent(new EventArgument(given.session, given.version.id), title);
  }
  const kind = await pickOne<'version' | 'person'>({
    title,
    placeholder: l10n.t('What is to be removed for good?'),
    items: [
      { label: l10n.t('The text of a version…'), value: 'version' },
      { label: l10n.t('A person…'), value: 'person' },
    ],
  });
  if (kind === 'person') {
    return await choosePerson(sessions, argument, title);
  }
  if (kind !== 'version') {
    return undefined;
  }
  const prompt = await promptTarget(sessions, argument, title);
  const version = prompt && (await pickVersion(prompt, title));
  return version && partOfEvent(new EventArgument(version.session, version.version.id), title);
}

async function partOfEvent(
  { session, event }: EventArgument,
  title: string,
): Promise<Chosen | undefined> {
  const detail = await session.requireTrail().detail(event);
  if (detail === null) {
    return undefined;
  }
  const items: PickEntry<What>[] = [];
  const isComment = detail.row.type === 'review.commented';
  if (detail.row.digest !== null && !isComment) {
    const target = detail.row.digest;
    const name = [detail.row.path, detail.row.version].filter((part) => part !== null).join(' ');
    items.push({ label: l10n.t('The text'), description: name, value: { target } });
  }
  if (detail.bodyText !== null && hasRedactableBody(detail.row.type)) {
    items.push({
      label: isComment ? l10n.t('The comment') : l10n.t('The details of the event'),
      description: detail.row.summary,
      value: { target: event, part: 'body' },
    });
  }
  const placeholder = l10n.t('What is to be removed for good?');
  const what = await pickOne<What>({ title, placeholder, items });
  return what === undefined || what === goBack ? undefined : { session, what };
}

async function choosePerson(
  sessions: Sessions,
  argument: unknown,
  title: string,
): Promise<Chosen | undefined> {
  const session = await sessionTarget(sessions, argument, title);
  if (!session) {
    return undefined;
  }
  const person = await askText({
    title,
    prompt: l10n.t('Whose name and address are to be removed?'),
    placeholder: l10n.t('E-mail address'),
    missing: l10n.t('Name the person by their e-mail address.'),
  });
  return typeof person === 'string' ? { session, what: { target: { person } } } : undefined;
}
