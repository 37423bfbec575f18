import { PromptAuditError } from '../core/errors.js';
import { environmentRule } from '../core/environmentRule.js';
import type { EventId } from '../core/ids.js';
import type { Policy } from '../core/policy.js';
import type { DeploymentRecord, LedgerState } from '../core/state.js';
import type { Asked } from '../report/selection.js';
import type { TrailContext } from './context.js';
import type { ReportInput } from './exportApi.js';
import { pathInSite } from './site.js';

/** What an input asks for, among the facts of a state. Throws as EvidenceMakers. */
export function askedOf(
  context: TrailContext,
  { state, policy }: { readonly state: LedgerState; readonly policy: Policy },
  input: ReportInput,
): Asked {
  const { path, env, from, to } = input;
  for (const [name, time] of Object.entries({ from, to }))
    if (time !== undefined) assertTime(name, time);
  if (from !== undefined && to !== undefined && from >= to)
    throw usage('The period ends before it begins.', 'Give --from before --to.');
  if (input.deployment !== undefined) {
    if ([path, env, from, to].some((one) => one !== undefined))
      throw usage(
        'A deployment takes no other scope.',
        'Leave --prompt, --env, --from and --to out.',
      );
    return ofDeployment(state, input.deployment);
  }
  const prompt = path === undefined ? null : promptAt(context, state, path);
  if (env !== undefined && environmentRule(policy, env) === undefined) assertDeployedTo(state, env);
  return { prompt, env: env ?? null, from: from ?? null, to: to ?? null, deployment: null };
}

function promptAt(
  context: TrailContext,
  state: LedgerState,
  path: string,
): NonNullable<Asked['prompt']> {
  const inside = pathInSite(context.site, path);
  const prompt = state.promptEverAt(inside);
  if (prompt !== undefined) return prompt;
  throw new PromptAuditError({
    code: 'prompt.unknown',
    message: `The ledger knows no prompt at ${inside}.`,
    remedy: 'See the prompts with: prompt-audit status',
  });
}

/** A misspelt name must not read as "nothing was deployed there". */
function assertDeployedTo(state: LedgerState, env: string): void {
  for (const { deployments } of state.prompts.values())
    if (deployments.some((one) => one.env === env)) return;
  throw new PromptAuditError({
    code: 'environment.unknown',
    message: `The policy has no environment "${env}", and nothing was ever deployed to it.`,
    remedy: 'See the environments with: prompt-audit policy show',
  });
}

function ofDeployment(state: LedgerState, name: string): Asked {
  const isWhole = name.length === 64;
  const found: EventId[] = [];
  for (const id of state.deployments.keys())
    if (isWhole ? id === name : name.length >= 7 && id.startsWith(name)) found.push(id);
  const [id] = found;
  const prompt = id === undefined ? undefined : state.deployments.get(id);
  const record: DeploymentRecord | undefined = prompt?.deployments.find((one) => one.id === id);
  if (found.length > 1 || prompt === undefined || record === undefined)
    throw new PromptAuditError({
      code: 'event.unknown',
      message:
        found.length > 1
          ? `More than one deployment has an id that begins with ${name}.`
          : `No deployment has the id ${name}.`,
      remedy: 'Give at least 7 digits of an id. See them with: prompt-audit log',
    });
  return { prompt, env: null, from: null, to: null, deployment: record };
}

function assertTime(name: string, time: string): void {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(time)) return;
  throw usage(`"${time}" is not a time (${name}).`, 'Give ISO 8601 in UTC with milliseconds.');
}

const usage = (message: string, remedy: string): PromptAuditError =>
  new PromptAuditError({ code: 'usage', message, remedy });
