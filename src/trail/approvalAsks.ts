import { requirementsOf } from '../core/approvalTrace.js';
import type { ApprovalRule } from '../core/policy.js';
import { everything } from '../core/state.js';
import type { ApprovalAsks } from './approvalAsksApi.js';
import type { TrailContext } from './context.js';
import { nextPolicy } from './policySource.js';
import { resolveVersion } from './resolveVersion.js';

/** See Trail. What one environment asks is asked of all: an approval is given once. */
export async function approvalAsks(
  context: TrailContext,
  versions: readonly string[],
): Promise<ApprovalAsks> {
  const { state } = context;
  const policy = await nextPolicy(context);
  const environments = policy.environments.map(({ name }) => name);
  const asked: ApprovalRule[] = [];
  const scoped = new Set<string>();
  for (const name of versions) {
    const version = resolveVersion(context, name, { forWriting: false });
    for (const env of [null, ...environments]) {
      const requirements = requirementsOf({ state, policy, version, scope: everything, env });
      const rules = requirements.map(({ rule }) => rule);
      asked.push(...rules);
      if (env !== null && rules.some((rule) => rule.scoped)) scoped.add(env);
    }
  }
  return {
    reason: asked.some(({ reason }) => reason),
    meanings: commonTexts(asked.map(({ meanings }) => meanings)),
    scoped: environments.filter((env) => scoped.has(env)),
  };
}

/** What all lists have that have something; all that they have where they have nothing in common. */
function commonTexts(lists: readonly (readonly string[])[]): readonly string[] {
  const some = lists.filter((list) => list.length > 0);
  const all = [...new Set(some.flat())];
  const common = all.filter((text) => some.every((list) => list.includes(text)));
  return common.length > 0 ? common : all;
}
