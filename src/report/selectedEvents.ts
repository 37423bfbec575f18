import type { EventId } from '../core/ids.js';
import type { LedgerState } from '../core/state.js';
import { isWhole, within, type Selection } from './selection.js';

/**
 * The seqs of the events that stand for a selection, ascending: all of its prompts in the period (with an environment or
 * a deployment: all that is about its versions), what made and judged its versions whenever that was, and every event
 * of no prompt, such as people and policies; but not what was handed out before, which names other scopes. Signatures
 * come with what they sign. The whole ledger where all is asked.
 */
export function selectedEvents(state: LedgerState, selection: Selection): readonly number[] {
  const { asked } = selection;
  const seqs = Array.from({ length: state.size }, (_, at) => at + 1);
  if (isWhole(asked)) return seqs;
  const isNarrow = asked.env !== null || asked.deployment !== null;
  const prompts = new Set(selection.prompts.map(({ id }) => id));
  const isIn = within(asked);
  const chosen = new Set(aboutVersions(state, selection));
  const signatures: number[] = [];
  for (const seq of seqs) {
    if (chosen.has(seq)) continue;
    if (state.typeAt(seq) === 'signature.attached') {
      signatures.push(seq);
      continue;
    }
    const prompt = state.promptOfEvent(seq);
    if (state.typeAt(seq) === 'trail.exported') continue;
    if (prompt === undefined) chosen.add(seq);
    else if (!prompts.has(prompt)) continue;
    else if (state.typeAt(seq) === 'prompt.registered') chosen.add(seq);
    else if (!isNarrow && isIn(state.event(seq).header.at)) chosen.add(seq);
  }
  for (const seq of signatures) {
    const event = state.event(seq);
    if (!event.known || event.type !== 'signature.attached') continue;
    const signed = state.seqOf(event.header.refs.event);
    if (signed !== undefined && chosen.has(signed)) chosen.add(seq);
  }
  return [...chosen].sort((a, b) => a - b);
}

function* aboutVersions(
  state: LedgerState,
  { versions, deployments }: Selection,
): Generator<number> {
  const ids = new Set<EventId>();
  for (const { seq, event, decisions, withdrawals, talk } of versions) {
    ids.add(event.id);
    yield seq;
    const revision = state.seqOf(event.header.refs.revision);
    if (revision !== undefined) yield revision;
    for (const list of [decisions, withdrawals, talk]) for (const one of list) yield one.seq;
  }
  for (const { seq, event } of state.revocations)
    if (ids.has(state.decisions.get(event.header.refs.decision)?.event.id as EventId)) yield seq;
  const deployed = new Set(deployments.map(({ record }) => record.id));
  for (const { record, prompt } of deployments) {
    yield record.seq;
    for (const { seq, event } of prompt.ended)
      if (deployed.has(event.header.refs.deployment)) yield seq;
  }
  for (const type of ['deployment.reviewed', 'attempt.denied'])
    for (const seq of state.seqsOfType(type)) {
      const event = state.event(seq);
      if (!event.known) continue;
      const refs = event.header.refs as {
        readonly deployment?: EventId;
        readonly version?: EventId;
      };
      if (refs.deployment != null ? deployed.has(refs.deployment) : ids.has(refs.version!))
        yield seq;
    }
}
