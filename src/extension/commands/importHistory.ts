import { l10n } from 'vscode';
import { isPromptAuditError } from '../../core/errors.js';
import type { ImportReport } from '../../trail/importApi.js';
import type { TrailSession } from '../session/trailSession.js';
import { sayDone } from '../ui/done.js';
import { withProgress } from '../ui/progress.js';
import { pickOne } from '../ui/quickInput.js';
import type { CommandHandler } from './context.js';
import { openSessions, sessionTarget } from './targets.js';

export const importHistory: CommandHandler = async ({ sessions }, argument) => {
  const title = l10n.t('Import History');
  const withGit = openSessions(sessions).filter(({ trail }) => trail?.git === true);
  if (withGit.length === 0) {
    sayDone(l10n.t('This folder is not a git repository, so it has no history to import'));
    return;
  }
  const session = await sessionTarget(sessions, argument, title, withGit);
  if (session && (await offerImport(session, title)) === 'nothing') {
    sayDone(l10n.t('The trail holds the whole history already'));
  }
};

/**
 * Looks through the history of a repository, says what is in it, and imports it if that is wanted. `nothing`: it
 * has nothing that the trail does not hold; `left`: the person wanted no more.
 */
export async function offerImport(
  session: TrailSession,
  title: string,
): Promise<'imported' | 'left' | 'nothing'> {
  const trail = session.requireTrail();
  const looked = await untilCancelled(() =>
    withProgress(
      l10n.t('Looking through the history of prompts…'),
      (watch) => trail.importHistory({ dryRun: true, watch }),
      { after: quick },
    ),
  );
  if (looked === null) {
    return 'left';
  }
  if (changesOf(looked) === 0) {
    return 'nothing';
  }
  const answer = await pickOne<boolean>({
    title,
    placeholder: l10n.t('git knows {0}. Take it into the audit trail?', countsText(looked)),
    items: [
      {
        label: l10n.t('Import the history'),
        detail: l10n.t('Authors, times and renames as git claims them, marked as imported.'),
        value: true,
      },
      {
        label: l10n.t('Start from now'),
        detail: l10n.t('You can import it at any time: "Prompt Audit: Import History…".'),
        value: false,
      },
    ],
  });
  if (answer !== true) {
    return 'left';
  }
  const report = await untilCancelled(() =>
    withProgress(l10n.t('Importing the history of prompts…'), (watch) =>
      session.write((open) => open.importHistory({ watch })),
    ),
  );
  if (report === null) {
    sayDone(l10n.t('Import stopped. What was recorded stays; import again to go on.'));
    return 'left';
  }
  sayDone(l10n.t('Imported {0}', countsText(report)));
  return 'imported';
}

/** Milliseconds within which a look at a short history is over. */
const quick = 500;

/** Null when somebody wanted no more. */
async function untilCancelled<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (isPromptAuditError(error, 'cancelled')) {
      return null;
    }
    throw error;
  }
}

function changesOf({ totals }: ImportReport): number {
  return totals.revisions + totals.moves + totals.removals;
}

/** `340 changes of 12 prompts by 9 people in 1204 commits`. */
function countsText(report: ImportReport): string {
  const { prompts, commits } = report.totals;
  return l10n.t(
    '{0} of {1} in {2}',
    counted(changesOf(report), l10n.t('1 change'), (n) => l10n.t('{0} changes', n)),
    counted(prompts, l10n.t('1 new prompt'), (n) => l10n.t('{0} new prompts', n)),
    counted(commits, l10n.t('1 commit'), (n) => l10n.t('{0} commits', n)),
  );
}

function counted(n: number, one: string, many: (n: string) => string): string {
  return n === 1 ? one : many(n.toLocaleString());
}
