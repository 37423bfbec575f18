import { l10n, window, workspace, type QuickPickItem } from 'vscode';
import { PromptAuditError } from '../../core/errors.js';
import type { QuestionParams } from '../../core/questions/question.js';
import type { TrailSession } from '../session/trailSession.js';
import { askText, goBack, pickOne, type Answer, type StepFrame } from '../ui/quickInput.js';
import { folderName, promptName } from '../ui/words.js';
import type { Asking } from './asking.js';
import { pickDigest, pickEvent } from './subjects.js';
import { askTime, pickPeriod } from './times.js';

/** One thing that a question can be asked with; a period is one thing, too. */
export type ParamKey = Exclude<keyof QuestionParams, 'from' | 'to'> | 'period';

export function paramKeys(keys: readonly (keyof QuestionParams)[]): readonly ParamKey[] {
  return [...new Set(keys.map((key) => (key === 'from' || key === 'to' ? 'period' : key)))];
}

/** Asks for one of them, among what there is here; the parameters with it, or how the person left. */
export async function askParam(
  { session, entry, params }: Asking,
  key: ParamKey,
  frame: StepFrame,
): Promise<Answer<QuestionParams>> {
  if (key === 'period') {
    const period = await pickPeriod(frame);
    return period === undefined || period === goBack
      ? period
      : { ...without(params, ['from', 'to']), ...period };
  }
  const value = await askValue(session, entry.kind, key, frame);
  if (value === undefined || value === goBack) {
    return value;
  }
  const rest = without(params, [key]);
  return value === '' ? rest : { ...rest, [key]: value };
}

function without(params: QuestionParams, keys: readonly (keyof QuestionParams)[]): QuestionParams {
  return Object.fromEntries(
    Object.entries(params).filter(([key]) => !(keys as readonly string[]).includes(key)),
  );
}

async function askValue(
  session: TrailSession,
  kind: string,
  key: Exclude<ParamKey, 'period'>,
  frame: StepFrame,
): Promise<Answer<string | number>> {
  switch (key) {
    case 'path':
      return await pickPath(session, frame);
    case 'env':
      return await pickEnv(session, frame);
    case 'actor':
      return await pickActor(session, frame);
    case 'at':
      return await askTime({ ...frame, prompt: l10n.t('At what time? Nothing: now') });
    case 'subject':
    case 'other':
      return await pickSubject(session, kind, key, frame);
    case 'text':
      return await askWords(kind, frame);
    case 'duration':
      return await pickDuration(frame);
    case 'count':
      return await askCount(frame);
    case 'seed':
      return await askText({
        ...frame,
        prompt: l10n.t('A seed: with the same one anybody draws the same sample.'),
        placeholder: l10n.t('Such as a number that the auditor names'),
        missing: l10n.t('This question needs one.'),
      });
  }
}

async function pickPath(session: TrailSession, frame: StepFrame): Promise<Answer<string>> {
  const rows = session.state.kind === 'ready' ? session.state.status.prompts : [];
  const uri = window.activeTextEditor?.document.uri;
  const open = uri && session.promptAt(uri)?.path;
  const items = rows
    .filter(({ prompt }) => prompt !== null)
    .sort((a, b) => Number(b.path === open) - Number(a.path === open))
    .map(({ path }) => ({
      label: promptName(path),
      description: folderName(path),
      value: path,
    }));
  return await pickOne<string>({ ...frame, placeholder: l10n.t('Which prompt?'), items });
}

/** What the policy names, and where something is active; what the policy named once can be typed on the command line. */
export async function pickEnv(session: TrailSession, frame: StepFrame): Promise<Answer<string>> {
  const { state } = session;
  const named = (state.kind === 'ready' && state.policy?.environments) || [];
  const active = state.kind === 'ready' ? state.status.active : [];
  const all = new Set([...named.map(({ name }) => name), ...active.map(({ env }) => env)]);
  const items = [...all].toReversed().map((name): QuickPickItem & { value: string } => {
    const count = active.filter(({ env }) => env === name).length;
    return {
      label: name,
      description: count === 0 ? l10n.t('nothing deployed') : l10n.t('{0} active', count),
      value: name,
    };
  });
  return await pickOne<string>({ ...frame, placeholder: l10n.t('Which environment?'), items });
}

async function pickActor(session: TrailSession, frame: StepFrame): Promise<Answer<string>> {
  const people = await session.requireTrail().reviewers();
  const me = session.state.kind === 'ready' ? session.state.status.me : null;
  const others = people.filter(({ email, isNew }) => !isNew && email !== me?.email?.toLowerCase());
  const items = [
    ...(me === null || me.email === null
      ? []
      : [{ label: me.name, description: l10n.t('you'), value: me.email }]),
    ...others.map(({ name, email }) => ({ label: name, description: email, value: email })),
  ];
  return await pickOne<string>({ ...frame, placeholder: l10n.t('Who?'), items });
}

async function pickSubject(
  session: TrailSession,
  kind: string,
  key: 'subject' | 'other',
  frame: StepFrame,
): Promise<Answer<string>> {
  if (kind === 'where') {
    const path = await pickPath(session, frame);
    return typeof path === 'string' ? await pickDigest(session, path, frame) : path;
  }
  return kind === 'trail'
    ? await pickEvent(session, { ...frame, placeholder: l10n.t('Of which deployment?') }, [
        'deployment.recorded',
      ])
    : await pickEvent(
        session,
        {
          ...frame,
          placeholder: key === 'other' ? l10n.t('And which other event?') : l10n.t('Which event?'),
        },
        [],
      );
}

async function askWords(kind: string, frame: StepFrame): Promise<Answer<string>> {
  switch (kind) {
    case 'sample':
      return await pickOne<string>({
        ...frame,
        placeholder: l10n.t('A sample of what?'),
        items: [
          { label: l10n.t('Deployments'), value: 'deployments' },
          { label: l10n.t('Changes'), value: 'changes' },
          { label: l10n.t('Decisions'), value: 'decisions' },
        ],
      });
    case 'drift':
      return await readObserved(frame.title);
    default:
      return await askText({
        ...frame,
        prompt:
          kind === 'actions'
            ? l10n.t('A type of event, such as review.decided')
            : l10n.t('Which words?'),
      });
  }
}

/** Bytes of a list of what was observed to run. */
const mostObserved = 4 * 1024 * 1024;

async function readObserved(title: string): Promise<string | undefined> {
  const openLabel = l10n.t('Compare');
  const [file] = (await window.showOpenDialog({ title, openLabel })) ?? [];
  if (file === undefined) {
    return undefined;
  }
  if ((await workspace.fs.stat(file)).size > mostObserved) {
    throw new PromptAuditError({
      code: 'usage',
      message: l10n.t('{0} is too large.', workspace.asRelativePath(file)),
      remedy: l10n.t('Choose a list with a path and a digest on each line.'),
    });
  }
  return Buffer.from(await workspace.fs.readFile(file)).toString('utf8');
}

async function pickDuration(frame: StepFrame): Promise<Answer<number>> {
  const [second, hour] = [1000, 3_600_000];
  return await pickOne<number>({
    ...frame,
    placeholder: l10n.t('How long?'),
    items: [
      { label: l10n.t('30 seconds'), value: 30 * second },
      { label: l10n.t('2 minutes'), value: 120 * second },
      { label: l10n.t('1 hour'), value: hour },
      { label: l10n.t('1 day'), value: 24 * hour },
      { label: l10n.t('3 days'), value: 72 * hour },
      { label: l10n.t('1 week'), value: 168 * hour },
      { label: l10n.t('30 days'), value: 720 * hour },
    ],
  });
}

async function askCount(frame: StepFrame): Promise<Answer<number>> {
  const text = await askText({
    ...frame,
    value: '25',
    prompt: l10n.t('How many?'),
    missing: l10n.t('This question needs one.'),
  });
  if (typeof text !== 'string') {
    return text;
  }
  const count = Number(text);
  return Number.isSafeInteger(count) && count > 0 ? count : await askCount(frame);
}
