import { identitiesIn } from '../identities.js';
import { versionLabel } from '../labels.js';
import { defaultPolicy } from '../policyFile.js';
import { policyInScope } from '../policyInScope.js';
import { standingDecisions } from '../standing.js';
import { ancestorsOf, type DeploymentRecord, type VersionRecord } from '../state.js';
import { decisionColumns, decisionRow } from './decisionRow.js';
import { decisionsIn, type DecisionOn } from './decisions.js';
import { periodCaveats, type Answering, type Ground } from './ground.js';
import { pathOf } from './naming.js';

/**
 * Q16: rejections whose very text was deployed all the same, under whatever version or prompt, although the rejection stood then
 * or the deployer had not seen it.
 */
export const rejectedTexts: Answering = (ground, params) => {
  const all = decisionsIn(ground, params, ['rejected']);
  const rows = all.flatMap((rejection) =>
    deploymentsOf(ground, rejection).map(({ record, version, order }) => ({
      ...decisionRow(ground, rejection),
      deployedAs: `${pathOf(version.prompt)} ${versionLabel(version, ground.syncedSize)}`,
      env: record.env,
      deployedAt: record.at,
      order,
      deployment: record.id,
    })),
  );
  return {
    columns: [
      ...decisionColumns,
      { key: 'deployedAs', title: 'Deployed as', kind: 'text' },
      { key: 'env', title: 'Environment', kind: 'text' },
      { key: 'deployedAt', title: 'Deployed at', kind: 'time' },
      { key: 'order', title: 'Order', kind: 'text' },
      { key: 'deployment', title: 'Deployment', kind: 'event' },
    ],
    rows,
    population: { of: 'rejections', count: all.length },
    areExceptions: true,
    caveats: [
      'Only the same bytes are looked for; where a text was changed a little, see prompt-audit identify.',
      ...periodCaveats(params),
    ],
  };
};

interface Found {
  readonly record: DeploymentRecord;
  readonly version: VersionRecord;
  readonly order: 'deployed after' | 'nobody can tell';
}

function deploymentsOf({ state }: Ground, { version, decision }: DecisionOn): readonly Found[] {
  const { digest } = version.event.header.refs;
  const holders = state.withBytes(digest).flatMap(({ id }) => state.versions.get(id) ?? []);
  return holders.flatMap((holder) =>
    holder.prompt.deployments.flatMap((record): Found[] => {
      if (!record.succeeded || record.event.header.refs.version !== holder.event.id) return [];
      if (state.causality.isAncestor(record.seq, decision.seq)) return [];
      if (!state.causality.isAncestor(decision.seq, record.seq))
        return [{ record, version: holder, order: 'nobody can tell' }];
      const scope = ancestorsOf(state, record.seq);
      const policy = policyInScope(state, scope) ?? defaultPolicy;
      const identities = identitiesIn({ state, policy, scope });
      const standing = standingDecisions({ state, version, policy, scope }, identities);
      const stands = [...standing.values()].some((own) => own.includes(decision));
      return stands ? [{ record, version: holder, order: 'deployed after' }] : [];
    }),
  );
}
