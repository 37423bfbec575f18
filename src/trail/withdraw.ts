import { contributors } from '../core/approvals.js';
import { PromptAuditError } from '../core/errors.js';
import { identitiesIn } from '../core/identities.js';
import type { PersonId } from '../core/ids.js';
import { versionLabel } from '../core/labels.js';
import type { VersionRow } from '../core/rows.js';
import { everything, type VersionRecord } from '../core/state.js';
import { versionRow } from '../core/versionRows.js';
import { declareActor } from './actor.js';
import type { TrailContext } from './context.js';
import { requiredText } from './propose.js';
import { resolveVersion } from './resolveVersion.js';
import type { WithdrawInput } from './reviewApi.js';

/**
 * Takes a version out of review for good: nobody can approve or deploy it any more; where it is deployed it stays.
 * Only who proposed it, or contributed to it, may. Throws `reason.missing`, `withdrawal.refused`, `version.unchanged`,
 * and what resolving throws.
 */
export async function withdraw(context: TrailContext, input: WithdrawInput): Promise<VersionRow> {
  const reason = requiredText(input.reason, 'reason.missing', 'A withdrawal needs a reason.');
  const meant = (): VersionRecord => resolveVersion(context, input.target, { forWriting: true });
  meant();
  const who = await declareActor(context);
  const version = await context.transact((tx) => {
    const version = meant();
    assertMay(context, version, who);
    tx.append({
      type: 'version.withdrawn',
      who,
      prompt: version.prompt.id,
      refs: { version: version.event.id },
      body: { reason },
      identity: input.identity,
    });
    return version;
  });
  return versionRow(context.view, context.state.versions.get(version.event.id)!);
}

function assertMay(context: TrailContext, version: VersionRecord, who: PersonId): void {
  const { state, policy } = context;
  const name = `${version.prompt.path} ${versionLabel(version, context.finalSize)}`;
  if (version.withdrawals.length > 0)
    throw new PromptAuditError({
      code: 'version.unchanged',
      message: `${name} is withdrawn already.`,
      remedy: 'Nothing has to be done. Its bytes can be proposed again as a new version.',
    });
  const input = { state, policy, version, scope: everything };
  const identities = identitiesIn(input);
  const me = identities.same(who);
  const mine = [...contributors(input), identities.same(version.event.header.who)];
  if (mine.includes(me)) return;
  throw new PromptAuditError({
    code: 'withdrawal.refused',
    message: `You neither proposed ${name} nor contributed to it, so you cannot withdraw it.`,
    remedy: `To speak against it: prompt-audit reject ${version.prompt.path}@v${version.number} -m REASON`,
  });
}
