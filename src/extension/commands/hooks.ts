import { l10n, window } from 'vscode';
import type { HookName, HookRow } from '../../git/hooksApi.js';
import { sayDone } from '../ui/done.js';
import { pickOne } from '../ui/quickInput.js';
import { withProgress } from '../ui/progress.js';
import type { CommandContext, CommandHandler } from './context.js';
import { openSessions, sessionTarget } from './targets.js';

/** Lets git itself record before a commit and sync before a push, also where no editor is. */
export const installHooks: CommandHandler = async (context, argument) => {
  const title = l10n.t('Install Git Hooks');
  const session = await repositoryTarget(context, argument, title);
  const hooks = session && (await pickHooks(title));
  if (session === undefined || hooks === undefined) {
    return;
  }
  const program = { node: process.execPath, script: context.cliFile };
  const rows = await withProgress(
    l10n.t('Installing git hooks…'),
    () => context.hooks.hooks(session.root, { kind: 'install', hooks, program, strict: false }),
    { cancellable: false },
  );
  if (rows.every(({ state }) => state === 'installed')) {
    sayDone(l10n.t('Git hooks installed'));
  }
  await showAdvice(rows);
};

export const removeHooks: CommandHandler = async (context, argument) => {
  const session = await repositoryTarget(context, argument, l10n.t('Remove Git Hooks'));
  if (session === undefined) {
    return;
  }
  const rows = await context.hooks.hooks(session.root, { kind: 'remove' });
  const isNew = rows.some((row) => row.isNew);
  sayDone(isNew ? l10n.t('Git hooks removed') : l10n.t('No git hooks of Prompt Audit are here'));
  await showAdvice(rows);
};

/** Only a trusted window has sessions: in another one nothing of git is touched. */
function repositoryTarget(
  { sessions }: CommandContext,
  argument: unknown,
  title: string,
): ReturnType<typeof sessionTarget> {
  const withGit = openSessions(sessions).filter(({ trail }) => trail?.git === true);
  return sessionTarget(sessions, argument, title, withGit);
}

async function pickHooks(title: string): Promise<readonly HookName[] | undefined> {
  const answer = await pickOne<readonly HookName[]>({
    title,
    placeholder: l10n.t('What should git do by itself? Hooks that are there keep working.'),
    items: [
      {
        label: l10n.t('Record before each commit, sync before each push'),
        value: ['pre-commit', 'pre-push'],
      },
      {
        label: l10n.t('Only record before each commit'),
        detail: l10n.t('The prompts as they are staged.'),
        value: ['pre-commit'],
      },
      {
        label: l10n.t('Only sync before each push'),
        detail: l10n.t('A sync that fails does not stop the push.'),
        value: ['pre-push'],
      },
    ],
  });
  return typeof answer === 'symbol' ? undefined : answer;
}

/** What is left to the person, where other programs manage the hooks. */
async function showAdvice(rows: readonly HookRow[]): Promise<void> {
  const advice = [...new Set(rows.flatMap((row) => (row.advice === null ? [] : [row.advice])))];
  if (advice.length > 0) {
    await window.showInformationMessage(l10n.t('Git hooks'), {
      modal: true,
      detail: advice.join('\n\n'),
    });
  }
}
