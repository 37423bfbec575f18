import { l10n, window, type QuickPickItem } from 'vscode';
import { PromptAuditError } from '../../core/errors.js';
import type { ReportedFinding } from '../../core/rows.js';
import { actingPerson } from '../review/actingPerson.js';
import type { TrailSession } from '../session/trailSession.js';
import type { LedgerFindings } from '../status/ledgerFindings.js';
import { openFindings } from '../status/openFindings.js';
import { confirm } from '../ui/confirm.js';
import { sayDone } from '../ui/done.js';
import { recordIn, withProgress } from '../ui/progress.js';
import { askText } from '../ui/quickInput.js';
import { personText } from '../ui/words.js';
import type { CommandHandler } from './context.js';
import { FindingArgument } from './findingArgument.js';
import { sessionTarget } from './targets.js';

/** Findings that a modal dialogue can name. */
const mostNamed = 8;

/** Records what findings of verification turned out to be. */
export const reviewFinding: CommandHandler = async ({ sessions, findings }, argument) => {
  const title = l10n.t('Mark Finding as Reviewed');
  const session =
    argument instanceof FindingArgument
      ? argument.session
      : await sessionTarget(sessions, argument, title);
  if (session === undefined) {
    return;
  }
  const chosen =
    argument instanceof FindingArgument
      ? [await findingOf(findings, argument)]
      : await pickFindings(findings, session, title);
  if (chosen === undefined || chosen.length === 0) {
    return;
  }
  const disposition = await askText({
    title,
    prompt: l10n.t('What did it turn out to be? The answer stays in the trail.'),
    placeholder: l10n.t('Result of the review'),
    missing: l10n.t('A review needs its result.'),
  });
  if (typeof disposition !== 'string') {
    return;
  }
  const message = l10n.t('Record this review as {0}?', personText(await actingPerson(session)));
  const detail = detailOf(chosen, disposition);
  if (!(await confirm({ message, detail, button: l10n.t('Mark as Reviewed') }))) {
    return;
  }
  const keys = chosen.map(({ key }) => key);
  const report = await recordIn(session, (trail) =>
    trail.disposeFindings({ keys, disposition, identity: 'git' }),
  );
  findings.keep(session, report);
  sayDone(
    keys.length === 1
      ? l10n.t('Recorded your review of the finding')
      : l10n.t('Recorded your review of {0} findings', keys.length),
  );
};

/** The finding with the key that was clicked: of the last report, or of one that is made now. */
async function findingOf(
  findings: LedgerFindings,
  { session, key }: FindingArgument,
): Promise<ReportedFinding> {
  const known = findings.report(session) ?? (await findings.checkSlowly(session));
  const found = known.findings.find((one) => one.key === key);
  if (found !== undefined) {
    return found;
  }
  throw new PromptAuditError({
    code: 'finding.unknown',
    message: l10n.t('This finding is there no more.'),
    remedy: l10n.t('Verify the ledger again.'),
  });
}

async function pickFindings(
  findings: LedgerFindings,
  session: TrailSession,
  title: string,
): Promise<readonly ReportedFinding[] | undefined> {
  const { findings: all } = await withProgress(l10n.t('Verifying the ledger…'), (watch) =>
    findings.check(session, false, watch),
  );
  const open = openFindings(all);
  if (open.length === 0) {
    void window.showInformationMessage(l10n.t('No finding waits for a review.'));
    return undefined;
  }
  const items = open.map((finding): QuickPickItem & { finding: ReportedFinding } => ({
    label: `$(${finding.severity}) ${finding.message}`,
    description: finding.seq === null ? '' : l10n.t('Event {0}', finding.seq),
    detail: finding.remedy,
    picked: open.length === 1,
    finding,
  }));
  const placeHolder = l10n.t('Which findings did you look into?');
  const options = { title, placeHolder, canPickMany: true as const, ignoreFocusOut: true };
  const picked = await window.showQuickPick(items, { ...options, matchOnDescription: true });
  return picked?.map(({ finding }) => finding);
}

function detailOf(findings: readonly ReportedFinding[], disposition: string): string {
  const named = findings.slice(0, mostNamed).map(({ message }) => `• ${message}`);
  const more = findings.length - named.length;
  if (more > 0) {
    named.push(l10n.t('{0} more', more));
  }
  const stays = findings.some(({ severity }) => severity === 'error')
    ? l10n.t('It stays shown with this. An error stays one: no words mend bytes.')
    : l10n.t(
        'It stays shown with this, and no verdict changes. It counts where somebody else recorded the event, in another clone.',
      );
  return [
    named.join('\n'),
    l10n.t('Result: {0}', disposition),
    `${stays} ${l10n.t('This is recorded permanently.')}`,
  ].join('\n\n');
}
