import { PromptAuditError, isPromptAuditError } from '../core/errors.js';
import { digestOf } from '../core/hash.js';
import { policyDifferences } from '../core/policyDiff.js';
import { defaultPolicy, parsePolicy } from '../core/policyFile.js';
import { policyPowers } from '../core/policyPowers.js';
import { policyRows, rowInForce } from '../core/policyRows.js';
import { whatIf, type Rules } from '../core/policyWhatIf.js';
import type { TrailContext } from './context.js';
import type { PolicyCompared, PolicyName, PolicyShown, PolicyWindow } from './policyApi.js';
import { policyProtection } from './policyProtection.js';
import {
  policyFilesOf,
  policyPaths,
  workingPolicyFiles,
  workingTexts,
  type PolicyFiles,
} from './policySource.js';
import { ProtectedBranch, policyPath } from './protectedBranch.js';

/** See PolicyQueries. */
export async function policyShown(context: TrailContext, at?: string): Promise<PolicyShown> {
  const { state, finalSize } = context;
  const adoptions = policyRows(state, finalSize, await policyProtection(context));
  const shown = rowInForce(adoptions, at ?? null) ?? null;
  const body = state.policies.find(({ event }) => event.id === shown?.event)?.event.body ?? null;
  const policy = body && readable(body.policy);
  return {
    ledger: context.point(),
    adoptions,
    shown,
    text: body?.policy ?? null,
    powers: body && policy ? policyPowers(policy, body) : [],
  };
}

/** See PolicyQueries. */
export async function policyCompared(
  context: TrailContext,
  a: PolicyName,
  b: PolicyName,
): Promise<PolicyCompared> {
  const [before, after] = [await filesNamed(context, a), await filesNamed(context, b)];
  return compared(context, { before, after, judgeThen: false, window: {} });
}

/** See PolicyQueries. */
export async function policySimulated(
  context: TrailContext,
  name: PolicyName,
  window: PolicyWindow = {},
): Promise<PolicyCompared> {
  const after = await filesNamed(context, name);
  const before = context.state.policies.at(-1)?.event.body ?? after;
  return compared(context, { before, after, judgeThen: true, window });
}

type Files = Pick<PolicyFiles, 'policy' | 'allowedSigners' | 'mailmap' | 'codeowners'>;

function compared(
  context: TrailContext,
  input: { before: Files; after: Files; judgeThen: boolean; window: PolicyWindow },
): PolicyCompared {
  const { before, after, judgeThen, window } = input;
  const { state, finalSize } = context;
  const [old, fresh] = [rulesOf(before), rulesOf(after)];
  const last = state.policies.at(-1)?.event.body;
  const effect = whatIf({
    state,
    syncedSize: finalSize,
    before: judgeThen ? null : old,
    inForce: last ? { policy: readable(last.policy) ?? defaultPolicy, files: last } : old,
    after: fresh,
    from: window.from ?? null,
    to: window.to ?? null,
    now: new Date().toISOString(),
  });
  return {
    ledger: context.point(),
    before: digestOf(before.policy),
    after: digestOf(after.policy),
    differences: policyDifferences(
      { ...before, policy: old.policy },
      { ...after, policy: fresh.policy },
    ),
    effect,
  };
}

/** Throws `policy.invalid`. */
function rulesOf(files: Files): Rules {
  return { policy: parsePolicy(files.policy), files };
}

async function filesNamed(context: TrailContext, name: PolicyName): Promise<Files> {
  switch (name.kind) {
    case 'working':
      return workingPolicyFiles(context.site);
    case 'text': {
      const around = new Map(await workingTexts(context.site)).set(policyPath, name.text);
      return policyFilesOf(around, 'working-tree', null);
    }
    case 'protected':
      return protectedFiles(context);
    case 'digest':
    case 'at':
      return adoptedFiles(context, name);
  }
}

async function protectedFiles(context: TrailContext): Promise<Files> {
  const { git } = context.site;
  const remote = await context.remote();
  const place =
    git === null || remote === null
      ? null
      : await new ProtectedBranch(git, remote, policyPaths).lastFetched();
  if (place !== null && place.files.get(policyPath) != null)
    return policyFilesOf(place.files, 'protected-branch', place.commit);
  throw new PromptAuditError({
    code: 'policy.missing',
    message:
      place === null
        ? 'This clone has no protected branch of a remote.'
        : `The protected branch ${place.branch} has no ${policyPath}.`,
    remedy: remote === null ? 'Name a policy by its digest or a date.' : `Run: git fetch ${remote}`,
  });
}

function adoptedFiles(
  { state }: TrailContext,
  name: Extract<PolicyName, { kind: 'digest' | 'at' }>,
): Files {
  const found =
    name.kind === 'at'
      ? state.policies.filter(({ event }) => event.header.at <= name.at).slice(-1)
      : state.policies.filter(({ event }) =>
          event.header.refs.policy.replace('sha256:', '').startsWith(name.prefix),
        );
  const digests = new Set(found.map(({ event }) => event.header.refs.policy));
  const shown = name.kind === 'at' ? name.at : name.prefix;
  if (digests.size !== 1)
    throw new PromptAuditError({
      code: 'policy.unknown',
      message:
        digests.size > 1
          ? `${digests.size} policies begin with ${shown}.`
          : name.kind === 'at'
            ? `No policy was in force at ${shown}.`
            : `No adopted policy begins with ${shown}.`,
      remedy: 'All of them are listed by: prompt-audit policy show --all',
    });
  const body = found.at(-1)!.event.body;
  if (body !== null) return body;
  throw new PromptAuditError({
    code: 'policy.unknown',
    message: `The policy ${shown} was redacted: its text is gone.`,
    remedy: 'Name another one; they are listed by: prompt-audit policy show --all',
  });
}

function readable(text: string) {
  try {
    return parsePolicy(text);
  } catch (error) {
    if (isPromptAuditError(error, 'policy.invalid')) return null;
    throw error;
  }
}
