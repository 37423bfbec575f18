import { PromptAuditError } from '../core/errors.js';
import type { DecisionKind } from '../core/event.js';
import type { VersionRow } from '../core/rows.js';
import { everything, type VersionRecord } from '../core/state.js';
import { decisionVerdict, type Verdict } from '../core/verdicts.js';
import { versionRow } from '../core/versionRows.js';
import { versionLabel } from '../core/labels.js';
import { declareActor } from './actor.js';
import type { DecideInput } from './api.js';
import type { TrailContext } from './context.js';
import { adoptPolicy } from './policySource.js';
import { requiredText } from './propose.js';
import { resolveVersion } from './resolveVersion.js';
import { signNow } from './signNow.js';

const defaultMeanings: Readonly<Record<DecisionKind, string>> = {
  approved: 'I reviewed this version and approve it for use.',
  'changes-requested': 'I reviewed this version and ask for changes.',
  rejected: 'I reviewed this version and reject it.',
};

const verbs: Readonly<Record<DecisionKind, string>> = {
  approved: 'approve',
  'changes-requested': 'request changes to',
  rejected: 'reject',
};

/**
 * Records one person's decision on a version, or that the policy refused it.
 * Throws `reason.missing`, `decision.refused`, and what resolving and the policy throw.
 */
export async function decide(context: TrailContext, input: DecideInput): Promise<VersionRow> {
  const { decision, identity } = input;
  const reason =
    decision === 'approved'
      ? input.reason?.trim() || null
      : requiredText(input.reason, 'reason.missing', 'This decision needs a reason.');
  resolveVersion(context, input.target, { forWriting: true });
  const who = await declareActor(context);
  await adoptPolicy(context, who);
  const { version, verdict, event } = await context.transact((tx) => {
    const { state, policy } = context;
    const version = resolveVersion(context, input.target, { forWriting: true });
    const verdict = decisionVerdict({
      state,
      policy,
      version,
      who: state.persons.actor(who),
      decision,
      scope: everything,
    });
    const common = { who, prompt: version.prompt.id, identity };
    const policyDigest = state.policies.at(-1)!.event.header.refs.policy;
    const refs = { version: version.event.id, policy: policyDigest, decision };
    if (verdict.allowed) {
      const digest = version.event.header.refs.digest;
      const meaning = input.meaning?.trim() || defaultMeanings[decision];
      const event = tx.append({
        ...common,
        type: 'review.decided',
        refs: { ...refs, digest },
        body: { meaning, reason },
      });
      return { version, verdict, event };
    }
    tx.append({
      ...common,
      type: 'attempt.denied',
      refs: { ...refs, attempted: 'review.decided', env: null },
      body: { reasons: verdict.reasons },
    });
    return { version, verdict, event: null };
  });
  if (event === null) throw refusal(context, 'decision.refused', verbs[decision], version, verdict);
  await signNow(context, who, [event.id]);
  return versionRow(context.view, context.state.versions.get(version.event.id)!);
}

/** The error for what the policy refused; the refusal itself is recorded by then. */
export function refusal(
  context: TrailContext,
  code: 'decision.refused' | 'deployment.refused',
  what: string,
  version: VersionRecord,
  verdict: Verdict,
): PromptAuditError {
  const reasons = verdict.reasons.map((r) => r.code);
  const name = `${version.prompt.path} ${versionLabel(version, context.finalSize)}`;
  return new PromptAuditError({
    code,
    message: `The policy does not let you ${what} ${name}.`,
    remedy:
      'The refusal was recorded. Ask somebody whom the policy allows, or meet its conditions.',
    reasons,
  });
}
