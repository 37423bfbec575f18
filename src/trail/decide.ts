import { decisionVerdict, type DecisionVerdict } from '../core/decisionVerdict.js';
import { environmentRule } from '../core/environmentRule.js';
import { PromptAuditError } from '../core/errors.js';
import type { DecisionKind } from '../core/event.js';
import type { EventId, PersonId } from '../core/ids.js';
import { versionLabel } from '../core/labels.js';
import { adoptionInScope } from '../core/policyInScope.js';
import type { VersionRow } from '../core/rows.js';
import { everything, type VersionRecord } from '../core/state.js';
import type { Reason } from '../core/trace.js';
import { versionRow } from '../core/versionRows.js';
import type { LedgerTransaction } from '../ledger/transaction.js';
import { declareActor } from './actor.js';
import type { DecideInput } from './api.js';
import type { TrailContext } from './context.js';
import { unknownEnvironment } from './recordDeployment.js';
import { adoptPolicy } from './policySource.js';
import { requiredText } from './propose.js';
import { resolveVersion } from './resolveVersion.js';
import type { DecideAllInput, DecidedRow, DecisionWords } from './reviewApi.js';
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

/** What was recorded of one version: the decision, or that it was refused. */
interface Recorded {
  readonly version: VersionRecord;
  readonly verdict: DecisionVerdict;
  readonly event: EventId | null;
}

/**
 * Records one person's decision on a version, or that the policy refused it.
 * Throws `reason.missing`, `environment.unknown`, `decision.refused`, and what resolving and the policy throw.
 */
export async function decide(context: TrailContext, input: DecideInput): Promise<VersionRow> {
  const [one] = await recordDecisions(context, input, [input.target]);
  const { version, verdict, event } = one!;
  if (event === null)
    throw refusal(context, 'decision.refused', verbs[input.decision], version, verdict);
  return rowOf(context, version);
}

/**
 * Records one person's decision on several versions, all at once: each is judged on its own, and what the policy
 * refuses is recorded as refused, beside the others. Throws as `decide` does before anything is recorded.
 */
export async function decideAll(
  context: TrailContext,
  input: DecideAllInput,
): Promise<readonly DecidedRow[]> {
  const recorded = await recordDecisions(context, input, input.targets);
  return recorded.map(({ version, verdict, event }) => ({
    version: rowOf(context, version),
    event,
    refused: event === null ? verdict.reasons.map(({ code }) => code) : [],
  }));
}

async function recordDecisions(
  context: TrailContext,
  words: DecisionWords,
  targets: readonly string[],
): Promise<readonly Recorded[]> {
  const reason =
    words.decision === 'approved'
      ? words.reason?.trim() || null
      : requiredText(words.reason, 'reason.missing', 'This decision needs a reason.');
  const resolve = (): readonly VersionRecord[] => [
    ...new Set(targets.map((target) => resolveVersion(context, target, { forWriting: true }))),
  ];
  resolve();
  const who = await declareActor(context);
  await adoptPolicy(context, who);
  const meaning = words.meaning?.trim() || defaultMeanings[words.decision];
  const asked = { ...words, envs: environmentsOf(context, words), reason, meaning };
  const recorded = await context.transact((tx) =>
    resolve().map((version) => recordOne(context, tx, who, version, asked)),
  );
  await signNow(
    context,
    who,
    recorded.flatMap(({ event }) => event ?? []),
  );
  return recorded;
}

interface AskedWords {
  readonly decision: DecisionKind;
  readonly envs: readonly string[] | null;
  readonly reason: string | null;
  readonly meaning: string;
  readonly identity: DecisionWords['identity'];
}

function recordOne(
  context: TrailContext,
  tx: LedgerTransaction,
  who: PersonId,
  version: VersionRecord,
  { decision, envs, reason, meaning, identity }: AskedWords,
): Recorded {
  const { state, policy } = context;
  const verdict = decisionVerdict({
    state,
    policy,
    version,
    who: state.persons.actor(who),
    decision,
    envs,
    words: { reason, meaning },
    writer: tx.writer,
    scope: everything,
  });
  const common = { who, prompt: version.prompt.id, identity };
  const adopted = adoptionInScope(state, everything)!.event.header.refs.policy;
  const refs = { version: version.event.id, policy: adopted, decision };
  if (!verdict.allowed) {
    tx.append({
      ...common,
      type: 'attempt.denied',
      refs: { ...refs, attempted: 'review.decided', env: null },
      body: { reasons: verdict.reasons },
    });
    return { version, verdict, event: null };
  }
  const { digest } = version.event.header.refs;
  const event = tx.append({
    ...common,
    type: 'review.decided',
    refs: { ...refs, digest, ...(envs === null ? {} : { envs }) },
    body: { meaning, reason },
  });
  return { version, verdict, event: event.id };
}

/** Each once, in alphabetical order; null where the decision is for all. Throws `environment.unknown`. */
function environmentsOf(context: TrailContext, { envs }: DecisionWords): readonly string[] | null {
  if (envs === undefined || envs.length === 0) return null;
  const unknown = envs.find((env) => environmentRule(context.policy, env) === undefined);
  if (unknown !== undefined) throw unknownEnvironment(context, unknown);
  return [...new Set(envs)].sort();
}

function rowOf(context: TrailContext, { event }: VersionRecord): VersionRow {
  return versionRow(context.view, context.state.versions.get(event.id)!);
}

/** The error for what the policy refused; the refusal itself is recorded by then. */
export function refusal(
  context: TrailContext,
  code: 'decision.refused' | 'deployment.refused' | 'undeploy.refused' | 'review.refused',
  what: string,
  version: VersionRecord,
  verdict: {
    readonly reasons: readonly Reason[];
    readonly ignored?: readonly Reason[];
    readonly meanings?: readonly string[];
  },
): PromptAuditError {
  const all = [...verdict.reasons, ...(verdict.ignored ?? [])];
  const reasons = [...new Set(all.map((r) => r.code))];
  const name = `${version.prompt.path} ${versionLabel(version, context.finalSize)}`;
  const texts = (verdict.meanings ?? []).map((text) => `"${text}"`).join(', ');
  return new PromptAuditError({
    code,
    message: `The policy does not let you ${what} ${name}.`,
    remedy:
      reasons.includes('approval.meaning') && texts !== ''
        ? `The refusal was recorded. Say what your approval means; the policy names: ${texts}.`
        : 'The refusal was recorded. Ask somebody whom the policy allows, or meet its conditions.',
    reasons,
  });
}
