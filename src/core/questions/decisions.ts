import type { DecisionKind } from '../event.js';
import type { VersionRecord } from '../state.js';
import type { Decision } from '../trace.js';
import { isInPeriod, type Ground } from './ground.js';
import { promptIn } from './naming.js';
import type { QuestionParams } from './question.js';

export interface DecisionOn {
  readonly version: VersionRecord;
  readonly decision: Decision;
}

/** The decisions of some kinds that are asked about, revoked ones too, in the agreed order. */
export function decisionsIn(
  ground: Ground,
  params: QuestionParams,
  kinds: readonly DecisionKind[],
): readonly DecisionOn[] {
  const one = promptIn(ground, params);
  const found: DecisionOn[] = [];
  for (const prompt of one === null ? ground.state.prompts.values() : [one])
    for (const version of prompt.versions)
      for (const decision of version.decisions) {
        const { refs, at } = decision.event.header;
        if (kinds.includes(refs.decision) && isInPeriod(at, params))
          found.push({ version, decision });
      }
  return found.sort((a, b) => a.decision.seq - b.decision.seq);
}

export const approvalsIn = (ground: Ground, params: QuestionParams): readonly DecisionOn[] =>
  decisionsIn(ground, params, ['approved']);
