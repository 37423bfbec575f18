import { l10n } from 'vscode';
import { PromptAuditError } from '../../core/errors.js';
import type { VersionRow } from '../../core/rows.js';
import { givenLive, pickLive, type Live } from '../deploy/pickLive.js';
import { actingPerson } from '../review/actingPerson.js';
import { confirmWarning } from '../ui/confirm.js';
import { sayDone } from '../ui/done.js';
import { recordIn } from '../ui/progress.js';
import type { goBack } from '../ui/quickInput.js';
import { askText, pickOne, runSteps } from '../ui/quickInput.js';
import { promptName, personText, shortDigest } from '../ui/words.js';
import type { CommandHandler } from './context.js';
import { mostVersions, openSessions, versionEntry } from './targets.js';

export const rollBack: CommandHandler = async ({ sessions }, argument) => {
  const title = l10n.t('Roll Back');
  const given = givenLive(argument);
  let live: Live | null = given;
  let version: VersionRow | null = null;
  let reason = '';
  const totalSteps = given === null ? 3 : 2;
  const steps = [
    async () => {
      const answer = await pickLive(openSessions(sessions), {
        ...{ title, step: 1, totalSteps },
        placeholder: l10n.t('What is rolled back?'),
      });
      live = typeof answer === 'object' ? answer : live;
      return answer;
    },
    async () => {
      const frame = { title, step: totalSteps - 1, totalSteps, canGoBack: given === null };
      const answer = live === null ? undefined : await pickTarget(live, frame);
      version = typeof answer === 'object' ? answer : version;
      return answer;
    },
    async () => {
      const answer = await askText({
        title,
        step: totalSteps,
        totalSteps,
        canGoBack: true,
        value: reason,
        prompt: l10n.t('Why is it rolled back?'),
        placeholder: l10n.t('Reason'),
        missing: l10n.t('A rollback needs a reason.'),
      });
      reason = typeof answer === 'string' ? answer : reason;
      return answer;
    },
  ];
  if (!(await runSteps(given === null ? steps : steps.slice(1)))) {
    return;
  }
  const chosen = complete(live, version);
  if (chosen === null || !(await confirmRollback(chosen.live, chosen.version, reason))) {
    return;
  }
  const { session, row } = chosen.live;
  const { path, env } = row;
  const now = await recordIn(session, (trail) =>
    trail.rollback({ path, env, to: chosen.version.id, reason, identity: 'git' }),
  );
  sayDone(l10n.t('{0}: {1} is active in {2} again', promptName(now.path), now.version, now.env));
};

function complete(
  live: Live | null,
  version: VersionRow | null,
): { live: Live; version: VersionRow } | null {
  return live === null || version === null ? null : { live, version };
}

async function pickTarget(
  { session, row }: Live,
  frame: { title: string; step: number; totalSteps: number; canGoBack: boolean },
): Promise<VersionRow | typeof goBack | undefined> {
  const versions = await session.requireTrail().rollbackTargets(row.path, row.env);
  if (versions.length === 0) {
    throw new PromptAuditError({
      code: 'rollback.noTarget',
      message: l10n.t('No older version of {0} is approved for {1}.', row.path, row.env),
      remedy: l10n.t('Propose and approve a version, and deploy that one.'),
    });
  }
  return await pickOne<VersionRow>({
    ...frame,
    placeholder: l10n.t(
      '{0}: which version shall be active in {1}?',
      promptName(row.path),
      row.env,
    ),
    items: versions.slice(0, mostVersions).map(versionEntry),
  });
}

async function confirmRollback(
  { session, row }: Live,
  version: VersionRow,
  reason: string,
): Promise<boolean> {
  return await confirmWarning({
    message: l10n.t(
      'Roll {0} back from {1} to {2} in {3}?',
      promptName(row.path),
      row.version,
      version.label,
      row.env,
    ),
    detail: [
      `${version.path} ${version.label} (${shortDigest(version.digest)}…)`,
      l10n.t('Reason: {0}', reason),
      l10n.t('Rolled back by {0}', personText(await actingPerson(session))),
      l10n.t('This is recorded permanently.'),
    ].join('\n\n'),
    button: l10n.t('Roll Back'),
  });
}
