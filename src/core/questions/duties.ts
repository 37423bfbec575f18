import { contributors } from '../approvals.js';
import type { PersonId } from '../ids.js';
import { versionLabel } from '../labels.js';
import { defaultPolicy } from '../policyFile.js';
import { policyInScope } from '../policyInScope.js';
import type { ReasonCode } from '../reasons.js';
import { ancestorsOf } from '../state.js';
import { columns } from './columns.js';
import { periodCaveats, type Answering, type Ground } from './ground.js';
import { importedCaveats, judgedIn, type JudgedDeployment } from './judged.js';
import { identitiesNow, pathOf } from './naming.js';
import type { AnswerRow } from './question.js';

type Duty = 'author' | 'approver' | 'deployer';

/**
 * Q10: who was more than one of author, approver and deployer of one deployment, under whatever address. An approver is whoever had
 * an approval of the version standing when it was deployed, whether it counted or not.
 */
export const duties: Answering = (ground, params) => {
  const { judged, imported } = judgedIn(ground, params);
  const counts: Record<string, number> = {};
  const rows = judged.flatMap((one) => conflictsIn(ground, one, counts));
  return {
    columns: [
      columns.at,
      columns.path,
      columns.version,
      columns.env,
      columns.who,
      { key: 'duties', title: 'Was', kind: 'codes' },
      columns.reasons,
      columns.event,
      columns.seq,
    ],
    rows,
    population: { of: 'deployments', count: judged.length },
    counts: { ...counts, imported },
    areExceptions: true,
    caveats: [...periodCaveats(params), ...importedCaveats(imported)],
  };
};

const gone: ReadonlySet<ReasonCode> = new Set([
  'approval.revoked',
  'approval.superseded',
  'approval.otherVersion',
]);

function conflictsIn(
  ground: Ground,
  { record, version, verdict }: JudgedDeployment,
  counts: Record<string, number>,
): readonly AnswerRow[] {
  const { state, syncedSize } = ground;
  const identities = identitiesNow(state);
  const scope = ancestorsOf(state, record.seq);
  const policy = policyInScope(state, scope) ?? defaultPolicy;
  const had = new Map<PersonId, Set<Duty>>();
  const add = (id: PersonId, duty: Duty): void => {
    const person = identities.same(id);
    const own = had.get(person);
    if (own === undefined) had.set(person, new Set([duty]));
    else own.add(duty);
  };
  for (const id of contributors({ state, version, policy, scope })) add(id, 'author');
  for (const { decision, order, faults, by } of verdict.trace.decisions)
    if (decision === 'approved' && order === 'before' && !faults.some((code) => gone.has(code)))
      add(by, 'approver');
  add(record.event.header.who, 'deployer');
  return [...had].flatMap(([person, own]) => {
    if (own.size < 2) return [];
    const name = [...own].join('+');
    counts[name] = (counts[name] ?? 0) + 1;
    return [
      {
        at: record.at,
        path: pathOf(version.prompt),
        version: versionLabel(version, syncedSize),
        env: record.env,
        who: state.persons.ref(person),
        duties: [...own],
        reasons: [...new Set(verdict.reasons.map(({ code }) => code))],
        event: record.id,
        seq: record.seq,
      },
    ];
  });
}
