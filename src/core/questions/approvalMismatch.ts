import type { KnownEvent } from '../event.js';
import { shortHash, versionLabel } from '../labels.js';
import { ancestorsOf, type LedgerState } from '../state.js';
import { columns } from './columns.js';
import { isInPeriod, periodCaveats, type Answering, type Ground } from './ground.js';
import { judgedIn, type JudgedDeployment } from './judged.js';
import { assertEnvironment, pathOf, personAt, promptIn } from './naming.js';
import type { AnswerRow, QuestionParams } from './question.js';

/**
 * Q12: deployments of a version that nobody approved while another one, of other bytes or proposed before, is approved; and
 * decisions or deployments that name other bytes than the version they name, which count for nothing.
 */
export const approvalMismatches: Answering = (ground, params) => {
  const { judged } = judgedIn(ground, params);
  const rows = [...judged.flatMap((one) => elsewhere(ground, one)), ...wrongBytes(ground, params)];
  rows.sort((a, b) => Number(a['seq']) - Number(b['seq']));
  return {
    columns: [
      columns.at,
      columns.path,
      columns.version,
      columns.env,
      { key: 'deployed', title: 'Its bytes', kind: 'digest' },
      { key: 'approvedVersion', title: 'Approved', kind: 'text' },
      { key: 'approved', title: 'Approved bytes', kind: 'digest' },
      { ...columns.approvers, title: 'By' },
      columns.event,
      { key: 'evidence', title: 'Approvals', kind: 'events', isDetail: true },
      columns.seq,
    ],
    rows,
    population: { of: 'deployments', count: judged.length },
    areExceptions: true,
    caveats: periodCaveats(params),
  };
};

function elsewhere(
  ground: Ground,
  { record, version, verdict }: JudgedDeployment,
): readonly AnswerRow[] {
  const { state, syncedSize } = ground;
  const approvals = verdict.trace.decisions.filter(({ faults }) =>
    faults.includes('approval.otherVersion'),
  );
  const other = state.versions.get(approvals[0]?.version ?? version.event.id)!;
  // Whoever approves it afterwards does not undo what was deployed then.
  const scope = ancestorsOf(state, record.seq);
  const isDecided = version.decisions.some(
    ({ seq, event }) => scope(seq) && event.header.refs.decision === 'approved',
  );
  if (other === version || isDecided) return [];
  const events = new Set(approvals.map(({ event }) => event));
  return [
    {
      at: record.at,
      path: pathOf(version.prompt),
      version: versionLabel(version, syncedSize),
      env: record.env,
      deployed: record.event.header.refs.digest,
      approvedVersion: versionLabel(other, syncedSize),
      approved: other.event.header.refs.digest,
      approvers: [...new Set(approvals.map(({ by }) => by))].map((id) => state.persons.ref(id)),
      event: record.id,
      evidence: [...events],
      seq: record.seq,
    },
  ];
}

/** No program of ours writes such an event, and the state leaves it out. */
function wrongBytes(ground: Ground, params: QuestionParams): readonly AnswerRow[] {
  const { state, syncedSize } = ground;
  const prompt = promptIn(ground, params);
  if (params.env !== undefined) assertEnvironment(ground, params.env);
  return [...leftOut(state)].flatMap((seq) => {
    const event = state.event(seq) as KnownEvent;
    if (event.type !== 'review.decided' && event.type !== 'deployment.recorded') return [];
    const { refs, at, who } = event.header;
    const version = state.versions.get(refs.version);
    const env = event.type === 'deployment.recorded' ? event.header.refs.env : null;
    const isMeant =
      version !== undefined &&
      refs.digest !== version.event.header.refs.digest &&
      (prompt === null || prompt === version.prompt) &&
      (params.env === undefined || params.env === env) &&
      isInPeriod(at, params);
    if (!isMeant) return [];
    return [
      {
        at,
        path: pathOf(version.prompt),
        version: versionLabel(version, syncedSize),
        env,
        deployed: version.event.header.refs.digest,
        approvedVersion: `other bytes (${shortHash(refs.digest)})`,
        approved: refs.digest,
        approvers: [personAt(ground, who, seq)],
        event: event.id,
        evidence: [],
        seq,
      },
    ];
  });
}

function* leftOut(state: LedgerState): Iterable<number> {
  for (const seq of state.seqsOfType('review.decided'))
    if (!state.decisions.has(state.idAt(seq))) yield seq;
  for (const seq of state.seqsOfType('deployment.recorded'))
    if (!state.deployments.has(state.idAt(seq))) yield seq;
}
