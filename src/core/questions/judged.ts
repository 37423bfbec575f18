import type { EventId } from '../ids.js';
import {
  ancestorsOf,
  type DeploymentRecord,
  type LedgerState,
  type VersionRecord,
} from '../state.js';
import { takenByRedaction } from '../takenByRedaction.js';
import { replayedDeployment, type Verdict } from '../verdicts.js';
import { isInPeriod, type Ground } from './ground.js';
import { assertEnvironment, promptIn } from './naming.js';
import type { QuestionParams } from './question.js';

/** A recorded deployment and what the policy of its time said of it. */
export interface JudgedDeployment {
  readonly record: DeploymentRecord;
  readonly version: VersionRecord;
  readonly verdict: Verdict;
  /** The `redacted` events because of which nobody can tell any more; null where it can be told. */
  readonly taken: readonly EventId[] | null;
}

/** What was found out with so many redactions; a verdict on an event is a function of its ancestors and of what is gone. */
interface Known {
  readonly redactions: number;
  readonly bySeq: Map<number, JudgedDeployment>;
}

const knownVerdicts = new WeakMap<LedgerState, Known>();

/** One deployment with its verdict; null where its version is not here. */
export function judgedDeployment(
  state: LedgerState,
  record: DeploymentRecord,
): JudgedDeployment | null {
  let known = knownVerdicts.get(state);
  if (known?.redactions !== state.redactions.length) {
    known = { redactions: state.redactions.length, bySeq: new Map() };
    knownVerdicts.set(state, known);
  }
  const found = known.bySeq.get(record.seq);
  if (found !== undefined) return found;
  const { seq, event } = record;
  const { refs, who } = event.header;
  const version = state.versions.get(refs.version);
  const verdict = replayedDeployment(state, event, seq);
  if (version === undefined || verdict === null) return null;
  const scope = ancestorsOf(state, seq);
  const taken =
    refs.breakGlass || refs.commit !== undefined
      ? null
      : takenByRedaction({ state, version, scope, who, verdict, policy: null });
  const judged = { record, version, verdict, taken };
  // Bytes of a signature that are not here may come with the next sync.
  if (!state.hasMissedSignature) known.bySeq.set(seq, judged);
  return judged;
}

/** The deployments that are asked about, succeeded or not, in the agreed order. */
export function deploymentsIn(ground: Ground, params: QuestionParams): readonly DeploymentRecord[] {
  const { env } = params;
  if (env !== undefined) assertEnvironment(ground, env);
  const one = promptIn(ground, params);
  const found: DeploymentRecord[] = [];
  for (const prompt of one === null ? ground.state.prompts.values() : [one])
    for (const record of prompt.deployments)
      if ((env === undefined || record.env === env) && isInPeriod(record.at, params))
        found.push(record);
  return found.sort((a, b) => a.seq - b.seq);
}

/** The same with their verdicts; imported ones, of which no policy was asked, are only counted. */
export function judgedIn(
  ground: Ground,
  params: QuestionParams,
): { readonly judged: readonly JudgedDeployment[]; readonly imported: number } {
  const judged: JudgedDeployment[] = [];
  let imported = 0;
  for (const record of deploymentsIn(ground, params)) {
    if (record.event.header.refs.commit !== undefined) imported++;
    else {
      const one = judgedDeployment(ground.state, record);
      if (one !== null) judged.push(one);
    }
  }
  return { judged, imported };
}

export function importedCaveats(imported: number): readonly string[] {
  return imported === 0
    ? []
    : [
        `${imported} imported ${imported === 1 ? 'deployment was' : 'deployments were'} not judged: no policy of this ledger was asked then.`,
      ];
}
