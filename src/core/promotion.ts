import type { EventId } from './ids.js';
import type { DeploymentRecord, LedgerState, PromptRecord, Scope, VersionRecord } from './state.js';

interface Asked {
  readonly state: LedgerState;
  readonly version: VersionRecord;
  readonly scope: Scope;
}

/** Of more that had not seen each other only the last ones in the ledger are looked at: no team has so many. */
const mostConcurrent = 64;

/**
 * The newest deployment in scope with which the bytes of a version came to an environment with success, as ones of the
 * same prompt: a copy of them in another prompt was tried for something else. One that was imported from a tag is none,
 * because anybody can set a tag, and no policy judged it.
 */
export function deployedTo(
  { state: { causality }, version, scope }: Asked,
  env: string,
): DeploymentRecord | undefined {
  const { digest } = version.event.header.refs;
  const newest: DeploymentRecord[] = [];
  for (const one of version.prompt.deployments.toReversed()) {
    if (newest.some(({ seq }) => one.seq < causality.firstUnseen(seq))) break;
    if (one.env !== env || !one.succeeded || !scope(one.seq)) continue;
    if (newest.some(({ seq }) => causality.isAncestor(one.seq, seq))) continue;
    const { refs } = one.event.header;
    if (refs.digest !== digest || refs.commit !== undefined) continue;
    if (newest.push(one) === mostConcurrent) break;
  }
  return newest.length < 2 ? newest[0] : newest.reduce((a, b) => (isLater(b, a) ? b : a));
}

/** The order of arrival decides nothing. */
const isLater = (a: DeploymentRecord, b: DeploymentRecord): boolean =>
  a.at === b.at ? a.id > b.id : a.at > b.at;

/** Whether a deployment that an event names as the one it promotes can be that: see `deployedTo`. */
export function isPromotedFrom(asked: Asked, env: string, id: EventId): boolean {
  const { prompt } = asked.version;
  const from = prompt.deployments.find((one) => one.id === id);
  if (from === undefined || from.env === env) return false;
  const { digest } = from.event.header.refs;
  const isSame = digest === asked.version.event.header.refs.digest;
  return isSame && from.succeeded && asked.scope(from.seq);
}

/** The `prompt.retired` events of a prompt in scope, in the agreed order. */
export function retirementsOf(
  state: LedgerState,
  prompt: PromptRecord,
  scope: Scope,
): readonly EventId[] {
  if (!prompt.retired) return [];
  return state
    .seqsOfType('prompt.retired')
    .filter((seq) => scope(seq) && state.promptOfEvent(seq) === prompt.id)
    .map((seq) => state.idAt(seq));
}
