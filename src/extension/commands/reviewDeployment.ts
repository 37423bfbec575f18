import { l10n } from 'vscode';
import { PromptAuditError } from '../../core/errors.js';
import type { BreakGlassRow } from '../../core/deploymentRows.js';
import type { ReviewOutcome } from '../../core/event.js';
import { breakGlassEntry, byDue } from '../deploy/breakGlassWords.js';
import { actingPerson } from '../review/actingPerson.js';
import type { TrailSession } from '../session/trailSession.js';
import { confirm } from '../ui/confirm.js';
import { sayDone } from '../ui/done.js';
import { recordIn } from '../ui/progress.js';
import { askText, goBack, pickOne, runSteps, type Answer } from '../ui/quickInput.js';
import { fullTime } from '../ui/time.js';
import { personText, promptName } from '../ui/words.js';
import { isTrailNode } from '../views/nodes.js';
import type { CommandHandler } from './context.js';
import { EventArgument } from './eventArgument.js';
import { openSessions } from './targets.js';

interface Waiting {
  readonly session: TrailSession;
  readonly row: BreakGlassRow;
}

/** Records what somebody else found who looked at an emergency deployment afterwards. */
export const reviewDeployment: CommandHandler = async ({ sessions }, argument) => {
  const title = l10n.t('Review Break-Glass Deployment');
  const waiting = await waitingOnes(openSessions(sessions));
  const given = waiting.find(({ row }) => row.deployment === deploymentOf(argument));
  const chosen = given ?? (await pickWaiting(waiting, title));
  if (chosen === undefined || chosen === goBack) {
    return;
  }
  const { session, row } = chosen;
  const about = `${promptName(row.path)} ${row.version} · ${row.env}`;
  const frame = { title: `${title}: ${about}`, totalSteps: 2 };
  let outcome: ReviewOutcome = 'accepted';
  let findings = '';
  const steps = [
    async () => {
      const answer = await pickOutcome(row, { ...frame, step: 1 });
      outcome = typeof answer === 'string' ? answer : outcome;
      return answer;
    },
    async () => {
      const answer = await askText({
        ...frame,
        step: 2,
        canGoBack: true,
        value: findings,
        prompt: l10n.t('What did you look at, and what did you find?'),
        placeholder: l10n.t('Findings'),
        missing: l10n.t('A review needs findings.'),
      });
      findings = typeof answer === 'string' ? answer : findings;
      return answer;
    },
  ];
  if (!(await runSteps(steps)) || !(await confirmReview(chosen, outcome, findings))) {
    return;
  }
  const { deployment } = row;
  const after = await recordIn(session, (trail) =>
    trail.reviewDeployment({ deployment, findings, outcome, identity: 'git' }),
  );
  sayDone(l10n.t('{0} {1} in {2} is reviewed', promptName(after.path), after.version, after.env));
};

function deploymentOf(argument: unknown): unknown {
  if (argument instanceof EventArgument) {
    return argument.event;
  }
  return isTrailNode(argument) && (argument.kind === 'breakGlass' || argument.kind === 'active')
    ? argument.row.deployment
    : null;
}

async function waitingOnes(sessions: readonly TrailSession[]): Promise<readonly Waiting[]> {
  const found = await Promise.all(
    sessions.map(async (session) => {
      const rows = byDue(await session.requireTrail().breakGlassReviews({ waiting: true }));
      return rows.map((row) => ({ session, row }));
    }),
  );
  return found.flat();
}

async function pickWaiting(waiting: readonly Waiting[], title: string): Promise<Answer<Waiting>> {
  if (waiting.length === 0) {
    throw new PromptAuditError({
      code: 'review.notBreakGlass',
      message: l10n.t('No emergency deployment waits for a review.'),
      remedy: l10n.t('There is nothing to do.'),
    });
  }
  return await pickOne<Waiting>({
    title,
    placeholder: l10n.t('Which emergency deployment did you look at?'),
    items: waiting.map((value) => ({ ...breakGlassEntry(value.row), value })),
  });
}

async function pickOutcome(
  row: BreakGlassRow,
  frame: { title: string; step: number; totalSteps: number },
): Promise<Answer<ReviewOutcome>> {
  return await pickOne<ReviewOutcome>({
    ...frame,
    placeholder: l10n.t('{0} said: {1}', row.deployedBy.name, row.reason ?? ''),
    items: [
      {
        label: l10n.t('Accept'),
        detail: l10n.t('It was needed, and what was deployed is all right.'),
        value: 'accepted',
      },
      {
        label: l10n.t('Object'),
        detail: l10n.t('It was not needed, or something has to be put right.'),
        value: 'objected',
      },
    ],
  });
}

async function confirmReview(
  { session, row }: Waiting,
  outcome: ReviewOutcome,
  findings: string,
): Promise<boolean> {
  const person = personText(await actingPerson(session));
  return await confirm({
    message:
      outcome === 'accepted'
        ? l10n.t('Accept this emergency deployment as {0}?', person)
        : l10n.t('Object to this emergency deployment as {0}?', person),
    detail: [
      `${row.path} ${row.version} · ${row.env}`,
      l10n.t('Deployed by {0}, {1}', row.deployedBy.name, fullTime(row.at)),
      l10n.t('Findings: {0}', findings),
      l10n.t('This is recorded permanently.'),
    ].join('\n\n'),
    button: outcome === 'accepted' ? l10n.t('Accept') : l10n.t('Object'),
  });
}
