import { contributors } from '../approvals.js';
import { versionLabel } from '../labels.js';
import { defaultPolicy } from '../policyFile.js';
import { policyInScope } from '../policyInScope.js';
import { ancestorsOf } from '../state.js';
import type { Ground } from './ground.js';
import type { JudgedDeployment } from './judged.js';
import { pathOf, personAt } from './naming.js';
import { columns } from './columns.js';
import type { AnswerRow, Column } from './question.js';

/** What every answer about deployments shows of one. */
export const deploymentColumns: readonly Column[] = [
  columns.at,
  columns.path,
  columns.version,
  columns.env,
  columns.deployedBy,
  columns.reasons,
  { key: 'ignored', title: 'Approvals that do not count', kind: 'codes' },
  { key: 'breakGlass', title: 'Break-glass', kind: 'flag' },
  { key: 'outcome', title: 'Outcome', kind: 'text' },
  columns.event,
  { ...columns.digest, isDetail: true },
  { ...columns.authors, isDetail: true },
  { ...columns.approvers, isDetail: true },
  columns.note,
  { key: 'reference', title: 'Reference', kind: 'text', isDetail: true },
  { key: 'untold', title: 'Redacted since', kind: 'flag', isDetail: true },
  { key: 'evidence', title: 'Shown by', kind: 'events', isDetail: true },
  columns.seq,
];

/** `reasons`: why the policy of that time does not allow it; none where it does. */
export function deploymentRow(ground: Ground, judged: JudgedDeployment): AnswerRow {
  const { state, syncedSize } = ground;
  const { record, version, verdict, taken } = judged;
  const { seq, event } = record;
  const { refs, who } = event.header;
  const scope = ancestorsOf(state, seq);
  const policy = policyInScope(state, scope) ?? defaultPolicy;
  const counted = new Set(
    verdict.trace.decisions.filter(({ counts }) => counts).map((one) => one.event),
  );
  return {
    at: record.at,
    path: pathOf(version.prompt),
    version: versionLabel(version, syncedSize),
    env: record.env,
    deployedBy: personAt(ground, who, seq),
    reasons: [...new Set(verdict.reasons.map(({ code }) => code))],
    ignored: [...new Set(verdict.ignored.map(({ code }) => code))],
    breakGlass: refs.breakGlass,
    outcome: refs.outcome,
    event: event.id,
    digest: refs.digest,
    authors: [...contributors({ state, version, policy, scope })].map((id) =>
      state.persons.ref(id, scope),
    ),
    approvers: version.decisions
      .filter((one) => counted.has(one.event.id))
      .map((one) => personAt(ground, one.event.header.who, one.seq)),
    note: event.body?.note ?? null,
    reference: event.body?.reference ?? null,
    untold: taken !== null,
    evidence: [
      ...new Set([...verdict.reasons, ...verdict.ignored].flatMap(({ events }) => events)),
    ],
    seq,
  };
}
