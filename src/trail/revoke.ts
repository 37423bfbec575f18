import { PromptAuditError } from '../core/errors.js';
import type { EventDraft } from '../core/event.js';
import { identitiesIn } from '../core/identities.js';
import { isEventId, type EventId, type PersonId } from '../core/ids.js';
import { versionLabel } from '../core/labels.js';
import type { VersionRow } from '../core/rows.js';
import { revocationsOf } from '../core/revocations.js';
import { standingDecisions } from '../core/standing.js';
import { everything, type VersionRecord } from '../core/state.js';
import type { Decision } from '../core/trace.js';
import { versionRow } from '../core/versionRows.js';
import { declareActor } from './actor.js';
import type { TrailContext } from './context.js';
import { requiredText } from './propose.js';
import { resolveVersion } from './resolveVersion.js';
import type { RevokeInput } from './reviewApi.js';
import { signNow } from './signNow.js';

/**
 * Takes back a decision of the acting person: from then on it counts as little as if it had not been made, and what was
 * deployed because of it stays. Throws `reason.missing`, `decision.unknown`, `revocation.refused`, and what resolving throws.
 */
export async function revoke(context: TrailContext, input: RevokeInput): Promise<VersionRow> {
  const reason = requiredText(input.reason, 'reason.missing', 'A revocation needs a reason.');
  decisionsMeant(context, input.target, null);
  const who = await declareActor(context);
  const { version, revocations } = await context.transact((tx) => {
    const { version, decisions } = decisionsMeant(context, input.target, who);
    const revocations = decisions.map(({ event }) =>
      tx.append({
        type: 'review.revoked',
        who,
        prompt: version.prompt.id,
        refs: { decision: event.id },
        body: { reason },
        identity: input.identity,
      } satisfies EventDraft),
    );
    return { version, revocations: revocations.map(({ id }) => id) };
  });
  await signNow(context, who, revocations);
  return versionRow(context.view, context.state.versions.get(version.event.id)!);
}

/** What is to be revoked; `who` null: nobody is known yet, only the target is looked up. */
function decisionsMeant(
  context: TrailContext,
  target: string,
  who: PersonId | null,
): { version: VersionRecord; decisions: readonly Decision[] } {
  const { state, policy } = context;
  const decided = isEventId(target) ? state.decisions.get(target) : undefined;
  const version = decided ?? resolveVersion(context, target, { forWriting: true });
  const identities = identitiesIn({ state, policy, scope: everything });
  const isOwn = ({ event }: Decision): boolean =>
    who !== null && identities.same(event.header.who) === identities.same(who);
  if (decided === undefined) {
    const input = { state, policy, version, scope: everything };
    const own = [...standingDecisions(input, identities).values()].flat().filter(isOwn);
    if (who !== null && own.length === 0)
      throw unknown(
        `You have no decision on ${nameOf(context, version)} that stands.`,
        'See who decided what with: prompt-audit show PATH@vN',
      );
    return { version, decisions: own };
  }
  const decision = decided.decisions.find(({ event }) => event.id === (target as EventId))!;
  if (who === null) return { version, decisions: [decision] };
  if (!isOwn(decision)) {
    const { name } = state.persons.ref(decision.event.header.who);
    throw new PromptAuditError({
      code: 'revocation.refused',
      message: `That decision on ${nameOf(context, version)} is by ${name}.`,
      remedy: 'Everybody takes back only what they decided. To speak against it, decide yourself.',
    });
  }
  if (revocationsOf(state, decision, everything, identities).length > 0)
    throw unknown(
      `That decision on ${nameOf(context, version)} is revoked already.`,
      'Nothing has to be done.',
    );
  return { version, decisions: [decision] };
}

const nameOf = ({ finalSize }: TrailContext, version: VersionRecord): string =>
  `${version.prompt.path} ${versionLabel(version, finalSize)}`;

const unknown = (message: string, remedy: string): PromptAuditError =>
  new PromptAuditError({ code: 'decision.unknown', message, remedy });
