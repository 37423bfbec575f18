import { PromptAuditError } from '../core/errors.js';
import type { EventOf } from '../core/event.js';
import type { EventId } from '../core/ids.js';
import type { Actor } from '../core/persons.js';
import { activeDeployments, activeRow, deploymentSpans } from '../core/activeRows.js';
import { versionVerdict } from '../core/approvals.js';
import { adoptionInScope } from '../core/policyInScope.js';
import type { ActiveRow, VersionRow } from '../core/rows.js';
import { everything, type Placed, type PromptRecord, type VersionRecord } from '../core/state.js';
import { environmentRule } from '../core/environmentRule.js';
import { deploymentVerdict, type Verdict } from '../core/verdicts.js';
import { versionRow } from '../core/versionRows.js';
import { declareActor, actorOf, presentIdentity } from './actor.js';
import type { DeployInput, RollbackInput } from './api.js';
import type { TrailContext } from './context.js';
import { refusal } from './decide.js';
import { adoptPolicy } from './policySource.js';
import { requiredText } from './propose.js';
import { promptAt, resolveVersion } from './resolveVersion.js';
import { signNow } from './signNow.js';

/**
 * Records that a version became the active one of an environment, or that the policy refused it.
 * Throws `environment.unknown`, `deployment.refused`, and what resolving and the policy throw.
 */
export async function deploy(context: TrailContext, input: DeployInput): Promise<ActiveRow> {
  const breakGlass = input.breakGlass?.trim() || null;
  return recordDeployment(context, {
    ...input,
    note: breakGlass ?? (input.note?.trim() || null),
    reference: input.reference?.trim() || null,
    breakGlass: breakGlass !== null,
    rollback: false,
    choose: () => resolveVersion(context, input.target, { forWriting: true }),
  });
}

/**
 * Deploys a version approved before; by default the one that was active before the present one.
 * Throws `reason.missing`, `rollback.noTarget`, and what `deploy` throws.
 */
export async function rollback(context: TrailContext, input: RollbackInput): Promise<ActiveRow> {
  const { path, env, to } = input;
  const note = requiredText(input.reason, 'reason.missing', 'A rollback needs a reason.');
  return recordDeployment(context, {
    env,
    note,
    reference: null,
    breakGlass: false,
    rollback: true,
    identity: input.identity,
    choose: () => {
      const prompt = promptAt(context, path);
      const current = activeIn(prompt, env)?.event.header.refs.version;
      const version =
        to === undefined
          ? versionActiveBefore(context, prompt, env)
          : resolveVersion(context, nameOfTarget(path, to), { forWriting: true });
      if (current === undefined || version === undefined || version.prompt !== prompt) {
        throw noTarget(prompt, env, 'No other version of it was active there before');
      }
      if (version.event.id === current)
        throw noTarget(prompt, env, 'That version is active already');
      return version;
    },
  });
}

/** Versions that the environment's rule holds to be approved, older than the active one, newest first. */
export function rollbackTargets(
  context: TrailContext,
  path: string,
  env: string,
): readonly VersionRow[] {
  const { state, policy, view } = context;
  const prompt = promptAt(context, path);
  const active = activeIn(prompt, env);
  const current = active && state.versions.get(active.event.header.refs.version);
  const { at = null } = view;
  return prompt.versions
    .filter((version) => current !== undefined && version.number < current.number)
    .filter(
      (version) => versionVerdict({ state, version, policy, env, at, scope: everything }).approved,
    )
    .map((version) => versionRow(view, version))
    .toReversed();
}

/** Reason codes that refuse a deployment now; of the acting person where git names one. */
export async function deploymentReasons(
  context: TrailContext,
  target: string,
  env: string,
): Promise<readonly string[]> {
  const version = resolveVersion(context, target, { forWriting: false });
  const identity = await presentIdentity(context.site);
  const who = identity ? actorOf(context, identity) : { ids: [], email: null };
  const verdict = verdictNow(context, version, who, env);
  return [...verdict.reasons, ...ignoredBesides(verdict)].map((r) => r.code);
}

interface DeploymentPlan {
  readonly env: string;
  readonly note: string | null;
  readonly reference: string | null;
  readonly breakGlass: boolean;
  readonly rollback: boolean;
  readonly identity: DeployInput['identity'];
  readonly choose: () => VersionRecord;
}

async function recordDeployment(context: TrailContext, plan: DeploymentPlan): Promise<ActiveRow> {
  plan.choose();
  const who = await declareActor(context);
  await adoptPolicy(context, who);
  const { env, identity } = plan;
  if (environmentRule(context.policy, env) === undefined) throw unknownEnvironment(context, env);
  const { version, verdict, event } = await context.transact((tx) => {
    const { state, policy } = context;
    const version = plan.choose();
    const verdict = verdictNow(context, version, state.persons.actor(who), env);
    // Break-glass skips what is missing, never who may deploy.
    const mayBreak =
      plan.breakGlass &&
      environmentRule(policy, env)!.breakGlass &&
      !verdict.reasons.some((reason) => reason.code === 'deployer.role');
    const allowed = verdict.allowed || mayBreak;
    const common = { who, prompt: version.prompt.id, identity };
    const refs = {
      version: version.event.id,
      policy: adoptionInScope(state, everything)!.event.header.refs.policy,
      env,
    };
    if (!allowed) {
      tx.append({
        ...common,
        type: 'attempt.denied',
        refs: { ...refs, attempted: 'deployment.recorded', decision: null },
        body: { reasons: [...verdict.reasons, ...ignoredBesides(verdict)] },
      });
      return { version, verdict, event: null };
    }
    const previous = activeIn(version.prompt, env)?.event.id ?? null;
    const event = tx.append({
      ...common,
      type: 'deployment.recorded',
      refs: {
        ...refs,
        digest: version.event.header.refs.digest,
        outcome: 'succeeded',
        breakGlass: !verdict.allowed,
        previous,
        rollbackOf: plan.rollback ? previous : null,
      },
      body: { note: plan.note, reference: plan.reference },
    });
    return { version, verdict, event };
  });
  if (event === null) throw refusal(context, 'deployment.refused', 'deploy', version, verdict);
  await signNow(context, who, [event.id]);
  const { state, finalSize } = context;
  const span = deploymentSpans(state.deployments.get(event.id)!).find(
    (s) => s.deployment.event.id === event.id,
  );
  return activeRow(state, finalSize, span!);
}

function verdictNow(
  context: TrailContext,
  version: VersionRecord,
  who: Actor,
  env: string,
): Verdict {
  const { state, policy, at = null } = context.view;
  return deploymentVerdict({ state, policy, version, who, env, at, scope: everything });
}

/** Why approvals do not count that are there, as far as the reasons do not say so. */
function ignoredBesides({ reasons, ignored }: Verdict): Verdict['ignored'] {
  const said = new Set(reasons.map(({ code }) => code));
  return ignored.filter(({ code }) => !said.has(code));
}

function activeIn(
  prompt: PromptRecord,
  env: string,
): Placed<EventOf<'deployment.recorded'>> | undefined {
  return activeDeployments(prompt).find((d) => d.event.header.refs.env === env);
}

/** The version under the active one, when each rollback takes off what it left. */
function versionActiveBefore(
  context: TrailContext,
  prompt: PromptRecord,
  env: string,
): VersionRecord | undefined {
  const stack: EventId[] = [];
  for (const { deployment } of deploymentSpans(prompt)) {
    const { refs } = deployment.event.header;
    if (refs.env !== env) continue;
    const restored = refs.rollbackOf === null ? -1 : stack.lastIndexOf(refs.version);
    if (restored >= 0) stack.length = restored + 1;
    else if (stack.at(-1) !== refs.version) stack.push(refs.version);
  }
  const before = stack.at(-2);
  return before === undefined ? undefined : context.state.versions.get(before);
}

function nameOfTarget(path: string, to: string): string {
  return /^v[1-9]\d*\??$/.test(to) ? `${path}@${to}` : to;
}

function noTarget(prompt: PromptRecord, env: string, why: string): PromptAuditError {
  return new PromptAuditError({
    code: 'rollback.noTarget',
    message: `${prompt.path} cannot be rolled back in ${env}. ${why}.`,
    remedy: 'Name a version of this prompt with --to vN, or deploy one with deploy.',
  });
}

export function unknownEnvironment(context: TrailContext, env: string): PromptAuditError {
  const names = context.policy.environments.map((e) => e.name).join(', ');
  return new PromptAuditError({
    code: 'environment.unknown',
    message: `The policy has no environment "${env}"; it has: ${names || 'none'}.`,
    remedy: 'Use one of these, or add it to .prompt-audit/policy.jsonc.',
  });
}
