import { PromptAuditError } from '../core/errors.js';
import type { EventId } from '../core/ids.js';
import { deploymentSpans } from '../core/activeRows.js';
import type { ActiveRow } from '../core/rows.js';
import type { PromptRecord, VersionRecord } from '../core/state.js';
import type { TrailContext } from './context.js';
import { textOf } from './deploy.js';
import type { RollbackInput } from './deployApi.js';
import { requiredText } from './propose.js';
import { activeIn, recordDeployment } from './recordDeployment.js';
import { promptAt, resolveVersion } from './resolveVersion.js';

/**
 * Deploys an earlier version, by default the one that was active before the present one. Its approvals are judged anew,
 * by what holds today. Throws `reason.missing`, `rollback.noTarget`, and what `deploy` throws.
 */
export async function rollback(context: TrailContext, input: RollbackInput): Promise<ActiveRow> {
  const { path, env, to } = input;
  const note = requiredText(input.reason, 'reason.missing', 'A rollback needs a reason.');
  return recordDeployment(context, {
    env,
    note,
    reference: null,
    release: textOf(input.release),
    pipeline: textOf(input.pipeline),
    outcome: 'succeeded',
    breakGlass: input.breakGlass === true,
    rollback: true,
    promoteFrom: null,
    identity: input.identity,
    choose: () => {
      const prompt = promptAt(context, path, { forWriting: true });
      const current = activeIn(prompt, env)?.event.header.refs.version;
      if (current === undefined) throw nothingActive(prompt, env);
      const version =
        to === undefined
          ? versionActiveBefore(context, prompt, env)
          : resolveVersion(context, nameOfTarget(path, to), { forWriting: true });
      if (version === undefined || version.prompt !== prompt)
        throw noTarget(prompt, env, 'No other version of it was active there before');
      if (version.event.id === current)
        throw noTarget(prompt, env, 'That version is active already');
      return version;
    },
  });
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
  if (/^\d{1,9}$/.test(to))
    throw new PromptAuditError({
      code: 'version.unknown',
      message: `"${to}" names no version.`,
      remedy: `Versions are named vN: --to v${to}`,
    });
  return /^v[1-9]\d*\??$/.test(to) ? `${path}@${to}` : to;
}

/** After `undeploy` there is nothing to leave, and which version is wanted must be said. */
function nothingActive(prompt: PromptRecord, env: string): PromptAuditError {
  const was = deploymentSpans(prompt).some((span) => span.env === env);
  return noTarget(
    prompt,
    env,
    was ? 'Nothing of it is active there: it was undeployed' : 'Nothing of it was deployed there',
  );
}

function noTarget(prompt: PromptRecord, env: string, why: string): PromptAuditError {
  return new PromptAuditError({
    code: 'rollback.noTarget',
    message: `${prompt.path} cannot be rolled back in ${env}. ${why}.`,
    remedy: 'Name a version of this prompt with --to vN, or deploy one with deploy.',
  });
}
