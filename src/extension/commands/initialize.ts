import { l10n } from 'vscode';
import type { PolicyPreset } from '../../core/policy.js';
import { openPolicyFile } from '../policyFile.js';
import { sayDone } from '../ui/done.js';
import { goBack, pickOne } from '../ui/quickInput.js';
import type { CommandContext, CommandHandler } from './context.js';
import { offerImport } from './importHistory.js';
import { openSessions, sessionTarget } from './targets.js';
import { withProgress } from '../ui/progress.js';

export const initialize: CommandHandler = async ({ sessions, sync }, argument) => {
  const title = l10n.t('Initialize Prompt Audit');
  await sessions.start();
  const candidates = sessions.all.filter(({ state }) => state.kind === 'uninitialized');
  if (candidates.length === 0) {
    openSessions(sessions);
    sayDone(l10n.t('This repository has an audit trail already.'));
    return;
  }
  const session = await sessionTarget(sessions, argument, title, candidates);
  const preset = session && (await pickPreset(title));
  if (!session || preset === undefined) {
    return;
  }
  const result = await withProgress(
    l10n.t('Looking for a shared audit trail…'),
    () => sync.signingIn(session, (login) => session.initialize({ preset }, login)),
    { cancellable: false },
  );
  sayDone(
    result.outcome === 'joined'
      ? l10n.t('Joined the audit trail of this repository: {0} events', result.ledger.size)
      : l10n.t('The audit trail has begun: {0} prompts', result.prompts),
  );
  if (result.outcome === 'created' && session.trail?.git === true) {
    await offerImport(session, title);
  }
};

async function pickPreset(title: string): Promise<PolicyPreset | undefined> {
  const answer = await pickOne<PolicyPreset>({
    title,
    placeholder: l10n.t('Which rules to start with? You can change them in the policy file.'),
    items: [
      {
        label: l10n.t('Team'),
        detail: l10n.t(
          'One approval, by somebody who did not contribute. Everybody may deploy it.',
        ),
        value: 'team',
      },
      {
        label: l10n.t('Regulated'),
        detail: l10n.t('Approvals by role, and who approves does not deploy to production.'),
        value: 'regulated',
      },
      {
        label: l10n.t('GxP'),
        detail: l10n.t('As regulated, with more approvals, for validated systems.'),
        value: 'gxp',
      },
    ],
  });
  return answer === goBack ? undefined : answer;
}

export const openPolicy: CommandHandler = async ({ sessions }, argument) => {
  const session = await sessionTarget(sessions, argument, l10n.t('Open Policy'));
  if (session) {
    await openPolicyFile(session);
  }
};

export const refresh: CommandHandler = async ({ sessions }: CommandContext) => {
  await sessions.refresh();
};
