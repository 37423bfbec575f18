import { l10n, window } from 'vscode';
import { PromptAuditError } from '../../core/errors.js';
import type { DecidedRow } from '../../trail/reviewApi.js';
import type { VersionTarget } from '../commands/targets.js';
import { confirm, confirmWarning } from '../ui/confirm.js';
import { sayDone } from '../ui/done.js';
import { recordIn } from '../ui/progress.js';
import { goBack } from '../ui/quickInput.js';
import { reasonWords } from '../ui/reasonWords.js';
import { personText, promptName } from '../ui/words.js';
import { actingPerson } from './actingPerson.js';
import { answerLines, blockedBecause, refusalLine, versionLine } from './confirmDecision.js';
import { askDecision, type DecisionAnswers } from './decisionAnswers.js';
import { decisionWords } from './decisionWords.js';

/** One confirmation names them all: more than this nobody reads, and a dialogue cannot show. */
const mostTogether = 40;

/** Asks once what the policy wants, confirms once, and approves all. Throws where they are of several repositories. */
export async function approveTogether(targets: readonly VersionTarget[]): Promise<void> {
  const [first] = targets;
  if (first === undefined) {
    return;
  }
  const { session } = first;
  assertTogether(targets);
  const versions = targets.map(({ version }) => version);
  const asks = await session.requireTrail().approvalAsks(versions.map(({ id }) => id));
  const answers = await askDecision({
    decision: 'approved',
    asks,
    title: countText(targets.length),
    first: 1,
  });
  if (answers === undefined || answers === goBack) {
    return;
  }
  if (await confirmTogether(targets, answers)) {
    const rows = await recordIn(session, (trail) =>
      trail.decideAll({
        ...decisionWords('approved', answers),
        targets: versions.map(({ id }) => id),
      }),
    );
    tell(rows);
  }
}

/** What was refused is recorded as such; the others are approved all the same. */
function tell(rows: readonly DecidedRow[]): void {
  const refused = rows.filter((row) => row.refused.length > 0);
  const approved = rows.length - refused.length;
  const done =
    approved === 1 ? l10n.t('1 version approved') : l10n.t('{0} versions approved', approved);
  if (refused.length === 0) {
    sayDone(done);
    return;
  }
  const lines = refused.map(
    (row) =>
      `${promptName(row.version.path)} ${row.version.label}: ${row.refused.map(reasonWords).join('; ')}`,
  );
  void window.showWarningMessage(
    l10n.t('{0}. The policy refused {1}: {2}', done, refused.length, lines.join(' · ')),
  );
}

function countText(count: number): string {
  return count === 1 ? l10n.t('Approve 1 version') : l10n.t('Approve {0} versions', count);
}

function assertTogether(targets: readonly VersionTarget[]): void {
  if (new Set(targets.map(({ session }) => session)).size > 1) {
    throw new PromptAuditError({
      code: 'version.ambiguous',
      message: l10n.t('These versions belong to several repositories.'),
      remedy: l10n.t('Approve those of one repository at a time.'),
    });
  }
  if (targets.length > mostTogether) {
    throw new PromptAuditError({
      code: 'version.ambiguous',
      message: l10n.t('{0} versions are more than one confirmation can name.', targets.length),
      remedy: l10n.t('Approve at most {0} at a time.', mostTogether),
    });
  }
}

async function confirmTogether(
  targets: readonly VersionTarget[],
  answers: DecisionAnswers,
): Promise<boolean> {
  const [first] = targets;
  const person = first === undefined ? '' : personText(await actingPerson(first.session));
  const lines = targets.map(({ session, version }) => {
    const obstacles = blockedBecause(session, version);
    return obstacles.length === 0
      ? versionLine(version)
      : `${versionLine(version)}\n    ${refusalLine(obstacles)}`;
  });
  const refused = targets.some(
    ({ session, version }) => blockedBecause(session, version).length > 0,
  );
  const detail = [
    lines.join('\n'),
    ...answerLines(answers),
    ...(refused ? [] : [l10n.t('This is recorded permanently.')]),
  ].join('\n\n');
  const message =
    targets.length === 1
      ? l10n.t('Approve as {0}?', person)
      : l10n.t('Approve these {0} versions as {1}?', targets.length, person);
  const button = l10n.t('Approve');
  return await (refused ? confirmWarning : confirm)({ message, detail, button });
}
