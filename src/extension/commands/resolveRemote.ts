import { l10n } from 'vscode';
import type { BranchPoint, ResolveReport } from '../../trail/resolveApi.js';
import { confirmWarning } from '../ui/confirm.js';
import { sayDone } from '../ui/done.js';
import { recordIn } from '../ui/progress.js';
import { askText, pickOne } from '../ui/quickInput.js';
import type { CommandHandler } from './context.js';
import { sessionTarget } from './targets.js';

/** Goes on after a decision of the team about a ledger branch that was rewritten. */
export const resolveRemote: CommandHandler = async ({ sessions }, argument) => {
  const title = l10n.t('Resolve Rewritten Ledger Branch');
  const session = await sessionTarget(sessions, argument, title);
  if (session === undefined) {
    return;
  }
  const keep = await pickOne<'ours' | 'theirs'>({
    title,
    placeholder: l10n.t('Which side did your team decide for?'),
    items: [
      {
        label: l10n.t('Keep ours'),
        detail: l10n.t('The branch is put back as this clone saw it; what is new there is kept.'),
        value: 'ours',
      },
      {
        label: l10n.t('Keep theirs'),
        detail: l10n.t('The branch is taken as it is; what is here is kept in copies.'),
        value: 'theirs',
      },
    ],
  });
  if (keep !== 'ours' && keep !== 'theirs') {
    return;
  }
  const preview = await recordIn(session, (trail) =>
    trail.resolveRemote({ keep, identity: 'git', dryRun: true }),
  );
  const reason = await askText({
    title,
    prompt: l10n.t('Why? The answer stays in the trail.'),
    placeholder: l10n.t('Reason'),
    missing: l10n.t('A decision about the branch needs a reason.'),
  });
  if (typeof reason !== 'string') {
    return;
  }
  const [message, button] =
    keep === 'ours'
      ? [l10n.t('Put the ledger branch of {0} back?', preview.remote), l10n.t('Put Back')]
      : [l10n.t('Take the ledger branch of {0} as it is?', preview.remote), l10n.t('Take')];
  if (!(await confirmWarning({ message, detail: detailOf(preview), button }))) {
    return;
  }
  const looked = preview.theirs?.commit ?? null;
  const report = await recordIn(session, (trail) =>
    trail.resolveRemote({ keep, reason, identity: 'git', looked }),
  );
  sayDone(
    l10n.t('Ledger branch resolved: {0} events added, {1} left out', report.added, report.left),
  );
};

function detailOf({ problem, ours, theirs, added, left }: ResolveReport): string {
  return [
    problem,
    '',
    l10n.t('Seen here last: {0}', pointWords(ours)),
    l10n.t('There now: {0}', pointWords(theirs)),
    '',
    l10n.t('{0} events of the other side would be added, {1} left out.', added, left),
    l10n.t('Both sides are kept as evidence. This is recorded permanently.'),
  ].join('\n');
}

function pointWords(point: BranchPoint | null): string {
  if (point === null) {
    return l10n.t('no ledger branch');
  }
  const { size, root, commit } = point;
  return l10n.t('{0} events, root {1}, commit {2}', size ?? '?', root ?? '?', commit ?? '?');
}
