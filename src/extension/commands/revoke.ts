import { l10n, type QuickPickItem } from 'vscode';
import { PromptAuditError } from '../../core/errors.js';
import type { DecisionRow, VersionRow } from '../../core/rows.js';
import { actingPerson } from '../review/actingPerson.js';
import { versionLine } from '../review/confirmDecision.js';
import type { TrailSession } from '../session/trailSession.js';
import { confirmWarning } from '../ui/confirm.js';
import { decisionName } from '../ui/decisionNames.js';
import { sayDone } from '../ui/done.js';
import { recordIn } from '../ui/progress.js';
import { askText, goBack, pickOne, type PickEntry } from '../ui/quickInput.js';
import { ago } from '../ui/time.js';
import { personText, promptName, stateText } from '../ui/words.js';
import type { CommandContext, CommandHandler } from './context.js';
import { EventArgument } from './eventArgument.js';
import { versionTarget } from './targets.js';

interface OwnDecision {
  readonly session: TrailSession;
  readonly version: VersionRow;
  readonly decision: DecisionRow;
}

/** Takes back a decision of the acting person; the decision itself stays in the trail. */
export const revokeDecision: CommandHandler = async (context, argument) => {
  const title = l10n.t('Revoke My Decision');
  const found = await ownDecision(context, argument, title);
  if (found === undefined) {
    return;
  }
  const { session, version, decision } = found;
  const name = `${promptName(version.path)} ${version.label}`;
  const reason = await askText({
    title: `${title}: ${name}`,
    prompt: l10n.t('Why do you take this decision back?'),
    placeholder: l10n.t('Reason'),
    missing: l10n.t('A revocation needs a reason.'),
  });
  if (reason === undefined || reason === goBack) {
    return;
  }
  const agreed = await confirmWarning({
    message: l10n.t('Revoke as {0}?', personText(await actingPerson(session))),
    detail: [
      versionLine(version),
      `${decisionName(decision.decision)}, ${ago(decision.at)}`,
      l10n.t('Reason: {0}', reason),
      l10n.t(
        'The decision stays in the trail, and so does this. What was deployed before is judged as it was.',
      ),
    ].join('\n\n'),
    button: l10n.t('Revoke'),
  });
  if (!agreed) {
    return;
  }
  const after = await recordIn(session, (trail) =>
    trail.revoke({ target: decision.id, reason, identity: 'git' }),
  );
  sayDone(l10n.t('{0} {1}: {2}', promptName(after.path), after.label, stateText(after.state)));
};

/** The decision that an event of the timeline is, or one of a version that is named or picked. */
async function ownDecision(
  { sessions }: CommandContext,
  argument: unknown,
  title: string,
): Promise<OwnDecision | undefined> {
  if (argument instanceof EventArgument) {
    const { session, event } = argument;
    const version = (await session.requireTrail().detail(event))?.version ?? null;
    const decision = version?.decisions.find(({ id }) => id === event);
    if (version !== null && decision !== undefined) {
      return { session, version, decision };
    }
  }
  const target = await versionTarget(sessions, argument, title);
  if (target === undefined) {
    return undefined;
  }
  const { session, version } = target;
  const own = await ownDecisions(session, version);
  const [first] = own;
  if (first === undefined) {
    throw new PromptAuditError({
      code: 'version.unknown',
      message: l10n.t('No decision of yours on {0} {1} stands.', version.path, version.label),
      remedy: l10n.t('Only who decided can revoke a decision.'),
    });
  }
  if (own.length === 1) {
    return { session, version, decision: first };
  }
  const items = own.map((decision): PickEntry<DecisionRow> | QuickPickItem => ({
    label: decisionName(decision.decision),
    description: ago(decision.at),
    ...(decision.reason === null ? {} : { detail: decision.reason }),
    value: decision,
  }));
  const placeholder = l10n.t('Which decision?');
  const answer = await pickOne<DecisionRow>({ title, placeholder, items });
  return answer === undefined || answer === goBack
    ? undefined
    : { session, version, decision: answer };
}

async function ownDecisions(
  session: TrailSession,
  { decisions }: VersionRow,
): Promise<readonly DecisionRow[]> {
  const me = await actingPerson(session);
  const mine = me.email?.toLowerCase();
  return decisions.filter(
    ({ by, revoked }) =>
      revoked === undefined && (by.id === me.id || by.email?.toLowerCase() === mine),
  );
}
