import { l10n } from 'vscode';
import { isPromptAuditError } from '../../core/errors.js';
import { sayDone } from '../ui/done.js';
import { withProgress } from '../ui/progress.js';
import type { CommandHandler } from './context.js';
import { sessionTarget } from './targets.js';

export const sign: CommandHandler = async ({ sessions, signing }, argument) => {
  const session = await sessionTarget(sessions, argument, l10n.t('Sign My Decisions'));
  if (!session) {
    return;
  }
  const title = l10n.t(
    'Signing… Touch your security key if it blinks, or answer your SSH agent if it asks',
  );
  try {
    const { signed, elsewhere } = await withProgress(title, (watch) =>
      session.write((trail) => trail.sign({ watch })),
    );
    sayDone(signedText(signed.length, elsewhere.length));
  } catch (error) {
    if (!isPromptAuditError(error) || !error.code.startsWith('signing.')) {
      throw error;
    }
    await signing.offer(session, error);
  }
};

function signedText(signed: number, elsewhere: number): string {
  const done =
    signed === 0
      ? l10n.t('Nothing of yours waits to be signed')
      : signed === 1
        ? l10n.t('Signed 1 decision or deployment')
        : l10n.t('Signed {0} decisions and deployments', signed);
  return elsewhere === 0
    ? done
    : l10n.t('{0}; recorded elsewhere under your name: {1}', done, elsewhere);
}
