import type { PlannedFact } from '../core/historyPlan.js';
import type { PersonId, PromptId } from '../core/ids.js';
import type { Watch } from '../core/watch.js';
import type { GitRepository } from '../git/repository.js';
import { offeredContents } from '../ledger/offeredContents.js';
import type { LedgerTransaction } from '../ledger/transaction.js';
import { declareActor, presentIdentity } from './actor.js';
import { CommitPeople } from './commitPeople.js';
import type { TrailContext } from './context.js';
import { factDraft } from './observedDraft.js';
import { noteRecorded, pendingFacts, type Pending } from './pending.js';
import type { RecordResult } from './recordApi.js';
import { isRecorderPaused } from './recorder.js';
import { stageLedger, type StagedLedger } from './stageLedger.js';

/** Others of this clone may record at the same time; after so many times they are left to go first. */
const maxRounds = 5;

/**
 * A commit of the ledger that also holds what commits did to prompts and the ledger does not know. It is to be pushed
 * right away: only what the remote takes are events, so many clones that see one commit make one event. Null where
 * there is nothing to record. Throws `cancelled`.
 */
export async function stageObservations(
  context: TrailContext,
  git: GitRepository,
  parent: string | null,
  watch?: Watch,
): Promise<StagedLedger | null> {
  if (isRecorderPaused(context)) return null;
  const how = watch === undefined ? {} : { watch };
  const found = await pendingFacts(context, how);
  if (found.facts.length === 0 || (await presentIdentity(context.site)) === null) return null;
  const who = await declareActor(context);
  const { facts, size } = await pendingFacts(context, how);
  const offered = await context.store.reconcile((replica) =>
    offeredContents(replica, (tx) => {
      // What another process of this clone recorded meanwhile goes first; the next sync looks again.
      if (context.store.size === size) appendFacts(context, tx, facts, who);
    }),
  );
  return offered === null ? null : stageLedger(context, git, parent, offered);
}

/**
 * Records what commits did to prompts as far as the ledger does not know it, by whom the commits name
 * (DESIGN.md §3), where there is no remote: with one the next sync does it. Nothing while the recorder of this
 * clone is paused, or git names no acting person.
 */
export async function recordUnshared(context: TrailContext): Promise<readonly RecordResult[]> {
  if ((await context.remoteOrProblem()) !== null || isRecorderPaused(context)) return [];
  if ((await presentIdentity(context.site)) === null) return [];
  return recordPending(context, (facts) => facts);
}

/** Records what commits did to the prompts that somebody acts on, at these paths. */
export async function observeOnAct(
  context: TrailContext,
  paths: readonly string[],
): Promise<readonly RecordResult[]> {
  return recordPending(context, (facts) => {
    const touched = new Set<PromptId>();
    for (const fact of facts) {
      const places = fact.kind === 'moved' ? [fact.path, fact.from] : [fact.path];
      if (places.some((place) => paths.includes(place))) touched.add(fact.prompt);
    }
    return facts.filter(({ prompt }) => touched.has(prompt));
  });
}

type Select = (facts: readonly PlannedFact[]) => readonly PlannedFact[];

async function recordPending(
  context: TrailContext,
  select: Select,
): Promise<readonly RecordResult[]> {
  for (let round = 1; round <= maxRounds; round++) {
    const found = await pendingFacts(context);
    const facts = select(found.facts);
    if (facts.length === 0) return [];
    const who = await declareActor(context);
    // Declaring them may be an event; then it is looked once more.
    const recorded = await recordFacts(context, facts, found, who);
    if (recorded === null) continue;
    if (facts.length === found.facts.length) await noteRecorded(context, found);
    return recorded;
  }
  return [];
}

/** What was recorded; null where another process recorded something since the facts were found. */
function recordFacts(
  context: TrailContext,
  facts: readonly PlannedFact[],
  { size }: Pending,
  who: PersonId,
): Promise<readonly RecordResult[] | null> {
  return context.transact((tx) => {
    if (context.store.size !== size) return null;
    return appendFacts(context, tx, facts, who);
  });
}

function appendFacts(
  context: TrailContext,
  tx: LedgerTransaction,
  facts: readonly PlannedFact[],
  who: PersonId,
): readonly RecordResult[] {
  const people = new CommitPeople(context.state, who, (draft) => tx.append(draft));
  return facts.flatMap((fact) => {
    const { id: event } = tx.append(factDraft(fact, people, who, 'observed'));
    const { kind, path } = fact;
    if (kind === 'registered') return [];
    const outcome = kind === 'revision' ? 'recorded' : kind;
    return [{ path, outcome, digest: kind === 'revision' ? fact.digest : null, event }];
  });
}
