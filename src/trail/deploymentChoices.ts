import { versionVerdict } from '../core/approvals.js';
import { environmentRule } from '../core/environmentRule.js';
import { deployedTo } from '../core/promotion.js';
import type { VersionRow } from '../core/rows.js';
import { everything, type VersionRecord } from '../core/state.js';
import { versionRow } from '../core/versionRows.js';
import { actorOf, presentIdentity } from './actor.js';
import type { TrailContext } from './context.js';
import { activeIn, ignoredBesides, verdictNow } from './recordDeployment.js';
import { promptAt, resolveVersion } from './resolveVersion.js';

/** Versions that the environment's rule lets in today, older than the active one, newest first. */
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
  const after = environmentRule(policy, env)?.after ?? null;
  const cameHere = (version: VersionRecord): boolean => {
    const asked = { state, version, scope: everything };
    return after === null || (deployedTo(asked, after) ?? deployedTo(asked, env)) !== undefined;
  };
  return prompt.versions
    .filter((version) => current !== undefined && version.number < current.number)
    .filter(
      (version) => versionVerdict({ state, version, policy, env, at, scope: everything }).approved,
    )
    .filter(cameHere)
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
  const verdict = verdictNow(context, version, who, { env, rollback: false });
  return [...verdict.reasons, ...ignoredBesides(verdict)].map((r) => r.code);
}
