import { l10n, type QuickPickItem } from 'vscode';
import { PromptAuditError } from '../../core/errors.js';
import { askLinkOf, type Asking } from '../ask/asking.js';
import { askParam, paramKeys, type ParamKey } from '../ask/askParam.js';
import { showAnswer } from '../ask/answerPanel.js';
import { paramName, paramText } from '../ask/paramWords.js';
import { pickQuestion, questionTitle } from '../ask/pickQuestion.js';
import { askTime, shortTime } from '../ask/times.js';
import { goBack, pickOne, type Answer, type PickEntry } from '../ui/quickInput.js';
import { slowAfter, withProgress } from '../ui/progress.js';
import type { CommandContext, CommandHandler } from './context.js';
import { sessionTarget } from './targets.js';

/** Asks one of the questions of an investigator; by the link of an answer, the same one with other limits. */
export const askTrail: CommandHandler = async (context, argument) => {
  const title = l10n.t('Ask the Trail');
  const asking = (await linked(context, argument)) ?? (await chosen(context, argument, title));
  if (asking === undefined || asking === 'left') {
    return;
  }
  const { entry, params, asKnownAt } = asking;
  const trail = asking.session.requireTrail();
  const asked = await withProgress(
    l10n.t('Asking the audit trail…'),
    () =>
      trail.ask({ kind: entry.kind, params, ...(asKnownAt === undefined ? {} : { asKnownAt }) }),
    { after: slowAfter, cancellable: false },
  );
  showAnswer(context.extensionUri, asking, asked);
};

/** The question of a link, after the person has changed what it is asked with; undefined where it was no link. */
async function linked(
  { sessions, questions }: CommandContext,
  argument: unknown,
): Promise<Asking | 'left' | undefined> {
  const link = askLinkOf(argument);
  const session = link && sessions.sessionAt(link.root);
  const entry = link && (await questions.questions()).find(({ kind }) => kind === link.kind);
  if (!link || !session?.trail || !entry) {
    return undefined;
  }
  const { params, asKnownAt } = link;
  return await narrowed({
    session,
    entry,
    params,
    ...(asKnownAt === undefined ? {} : { asKnownAt }),
  });
}

async function chosen(
  { sessions, questions }: CommandContext,
  argument: unknown,
  title: string,
): Promise<Asking | 'left'> {
  const session = await sessionTarget(sessions, argument, title);
  if (!session) {
    return 'left';
  }
  const entries = await questions.questions();
  for (;;) {
    const entry = await pickQuestion(entries, title);
    if (entry === undefined || entry === goBack) {
      return 'left';
    }
    const asking = await withNeeds({ session, entry, params: {} });
    if (asking !== goBack) {
      return asking ?? 'left';
    }
  }
}

/** Asks for what the question cannot do without. */
async function withNeeds(begun: Asking): Promise<Answer<Asking>> {
  // Without a person it would be a list of everything that anybody did.
  const more = begun.entry.kind === 'actions' ? (['actor'] as const) : [];
  const keys = paramKeys([...begun.entry.needs, ...more]);
  const steps: Asking[] = [begun];
  while (steps.length <= keys.length) {
    const now = steps.at(-1)!;
    const frame = {
      title: questionTitle(begun.entry),
      step: steps.length,
      totalSteps: keys.length,
      canGoBack: true,
    };
    const params = await askParam(now, keys[steps.length - 1]!, frame);
    if (params === undefined) {
      return undefined;
    }
    if (params === goBack) {
      steps.pop();
      if (steps.length === 0) {
        return goBack;
      }
      continue;
    }
    steps.push({ ...now, params });
  }
  return steps.at(-1)!;
}

type Choice = ParamKey | 'asKnownAt' | 'ask';

/** Lets the person change each thing that it is asked with, in any order, until they ask. */
async function narrowed(begun: Asking): Promise<Asking | 'left'> {
  let asking = begun;
  for (;;) {
    const { entry, params } = asking;
    const title = questionTitle(entry);
    const keys = paramKeys([...entry.needs, ...entry.takes]);
    const items: (PickEntry<Choice> | QuickPickItem)[] = [
      { label: `$(arrow-right) ${l10n.t('Ask')}`, value: 'ask' },
      ...keys.map((key) => ({
        label: paramName(key),
        description: paramText(key, params),
        value: key,
      })),
      {
        label: l10n.t('As known at'),
        description: asking.asKnownAt === undefined ? '' : shortTime(asking.asKnownAt),
        detail: l10n.t('Only what was recorded by then; later corrections do not count.'),
        value: 'asKnownAt',
      },
    ];
    const placeholder = l10n.t('What is to be different?');
    const choice = await pickOne<Choice>({ title, placeholder, items });
    if (choice === 'ask') {
      assertComplete(asking);
      return asking;
    }
    if (choice === undefined || choice === goBack) {
      return 'left';
    }
    asking = await changed(asking, choice);
  }
}

async function changed(asking: Asking, choice: ParamKey | 'asKnownAt'): Promise<Asking> {
  const frame = { title: questionTitle(asking.entry), canGoBack: true };
  if (choice !== 'asKnownAt') {
    const params = await askParam(asking, choice, frame);
    return typeof params === 'object' ? { ...asking, params } : asking;
  }
  const time = await askTime({
    ...frame,
    prompt: l10n.t('As known when? Nothing: all that is known'),
  });
  if (typeof time !== 'string') {
    return asking;
  }
  const { session, entry, params } = asking;
  return { session, entry, params, ...(time === '' ? {} : { asKnownAt: time }) };
}

function assertComplete({ entry, params }: Asking): void {
  const missing = paramKeys(entry.needs).filter((key) => paramText(key, params) === '');
  if (missing.length > 0) {
    throw new PromptAuditError({
      code: 'usage',
      message: l10n.t('The question lacks: {0}.', missing.map(paramName).join(', ')),
      remedy: l10n.t('Ask again, and choose it.'),
    });
  }
}
