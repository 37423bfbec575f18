import { commitKey, type PlannedFact } from '../core/historyPlan.js';
import { observerFolder } from '../ledger/offeredContents.js';
import { knownWriterId } from '../ledger/writerId.js';
import { actingIdentity } from './actor.js';
import { committedAct } from './committedAct.js';
import type { TrailContext } from './context.js';
import { recordUnshared } from './observe.js';
import { pendingFacts } from './pending.js';
import type { RecordResult } from './recordApi.js';
import { trySync, type Exchange } from './sharedAct.js';

/**
 * Records what commits did to prompts, before somebody records files by hand, and gives what was recorded of it here.
 * Where there is a remote only a sync does it, so that many clones which have one commit make one event: of what is
 * left for the next one it warns. `named`: somebody asked for these paths; null: for all, and then it is recorded without
 * a remote too. Throws `identity.missing` where something of that is to be recorded.
 */
export async function commitsFirst(
  context: TrailContext,
  exchange: Exchange,
  named: readonly string[] | null,
): Promise<readonly RecordResult[]> {
  if ((await context.remoteOrProblem()) === null)
    return named === null ? recordUnshared(context) : [];
  const before = await pendingFacts(context);
  if (before.isLeft === true)
    context.warn(
      'This is a partial clone, which lacks files of commits: what these did is recorded by clones that have them.',
    );
  if (before.facts.length === 0) return [];
  // No sync would record it: whoever asked for it has to know.
  const isAsked = before.facts.some(({ path }) => named?.includes(path) ?? true);
  if (isAsked) await actingIdentity(context.site);
  await trySync(context, exchange, false);
  const { facts } = await pendingFacts(context);
  const left = facts.filter(({ kind }) => kind !== 'registered').length;
  if (left === 1) context.warn('1 change that commits made is recorded by the next sync.');
  if (left > 1) context.warn(`${left} changes that commits made are recorded by the next sync.`);
  return recordedHere(context, before.facts);
}

/**
 * Tells where commits changed what is not recorded yet: of any path, where this partial clone lacks what tells.
 */
export async function pendingPaths(context: TrailContext): Promise<(path: string) => boolean> {
  const { facts, isLeft } = await pendingFacts(context);
  const paths = new Set(facts.map(({ path }) => path));
  return (path) => isLeft === true || paths.has(path);
}

/** Of these facts, which the ledger did not have, those that this clone recorded. */
async function recordedHere(
  { state, site }: TrailContext,
  facts: readonly PlannedFact[],
): Promise<readonly RecordResult[]> {
  const writer = await knownWriterId(observerFolder(site.privateDir));
  const wanted = new Set(
    facts.flatMap((fact) => (fact.kind === 'registered' ? [] : [commitKey(fact, fact.commit)])),
  );
  const results: RecordResult[] = [];
  for (const type of ['prompt.moved', 'prompt.removed', 'revision.observed'] as const) {
    for (const seq of state.seqsOfType(type)) {
      const event = state.event(seq);
      if (event.header.writer !== writer) continue;
      const act = committedAct(event);
      if (act === null || !wanted.has(commitKey(act, act.commit))) continue;
      const outcome = act.kind === 'revision' ? 'recorded' : act.kind;
      const digest = act.kind === 'revision' ? act.digest : null;
      results.push({ path: act.path, outcome, digest, event: event.id });
    }
  }
  return results;
}
