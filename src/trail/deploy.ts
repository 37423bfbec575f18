import { PromptAuditError } from '../core/errors.js';
import { isEventId } from '../core/ids.js';
import type { ActiveRow } from '../core/rows.js';
import type { PromptRecord, VersionRecord } from '../core/state.js';
import { parseVersionName } from '../core/versionName.js';
import type { TrailContext } from './context.js';
import type { DeployInput } from './deployApi.js';
import { assertKnownEnvironment } from './knownEnvironment.js';
import { activeIn, recordDeployment } from './recordDeployment.js';
import { namedPrompt, promptAt, resolveVersion } from './resolveVersion.js';

/**
 * Records that a version became the active one of an environment, that it was tried and failed, or that the policy
 * refused it. Throws `environment.unknown`, `deployment.refused`, `promotion.notDeployed`, and what resolving and the
 * policy throw.
 */
export async function deploy(context: TrailContext, input: DeployInput): Promise<ActiveRow> {
  const breakGlass = textOf(input.breakGlass);
  const note = textOf(input.note);
  if (input.promoteFrom !== undefined) await assertKnownEnvironment(context, input.promoteFrom);
  return recordDeployment(context, {
    env: input.env,
    identity: input.identity,
    // Events have one text for both: why first, then what else there is to say.
    note: breakGlass === null || note === null ? (breakGlass ?? note) : `${breakGlass}\n\n${note}`,
    reference: textOf(input.reference),
    release: textOf(input.release),
    pipeline: textOf(input.pipeline),
    outcome: input.outcome ?? 'succeeded',
    breakGlass: breakGlass !== null,
    rollback: false,
    promoteFrom: input.promoteFrom ?? null,
    choose: () => chosen(context, input),
  });
}

/** Blank texts say nothing. */
export const textOf = (text: string | undefined): string | null => text?.trim() || null;

function chosen(context: TrailContext, { target, promoteFrom }: DeployInput): VersionRecord {
  const prompt = promoteFrom === undefined ? null : promptMeant(context, target);
  if (prompt === null) return resolveVersion(context, target, { forWriting: true });
  const active = activeIn(prompt, promoteFrom!);
  const version = active && context.state.versions.get(active.event.header.refs.version);
  if (version !== undefined) return version;
  throw new PromptAuditError({
    code: 'promotion.notDeployed',
    message: `Nothing of ${prompt.path} is active in ${promoteFrom}.`,
    remedy: 'Deploy it there first, or name the version: PATH@vN',
  });
}

/** The prompt, where a name says no version of it. */
function promptMeant(context: TrailContext, name: string): PromptRecord | null {
  if (isEventId(name)) return null;
  const whole = namedPrompt(context, name, { forWriting: true });
  if (whole !== undefined) return whole;
  const { path, selector } = parseVersionName(name);
  return selector.kind === 'newest' ? promptAt(context, path, { forWriting: true }) : null;
}
