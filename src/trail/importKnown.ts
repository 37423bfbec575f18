import { commitKey, copyKey, type KnownHistory } from '../core/historyPlan.js';
import type { PersonId, PromptId } from '../core/ids.js';
import type { LedgerState } from '../core/state.js';
import { committedAct, type CommittedAct } from './committedAct.js';

const types = ['revision.observed', 'prompt.moved', 'prompt.removed'] as const;

/** What the ledger knows of commits, for a HistoryPlanner. Reads every event that names one. */
export function knownHistory(state: LedgerState): KnownHistory {
  const keys = new Map<string, string | string[]>();
  const prompts = new Map<string, PromptId>();
  for (const type of types) {
    for (const seq of state.seqsOfType(type)) {
      const fact = factAt(state, seq);
      if (fact === null) continue;
      const { prompt, act, author, authoredAt } = fact;
      const { commit, path } = act;
      addTo(keys, commitKey(act, commit), commit);
      if (act.kind !== 'removed') prompts.set(`${commit}\0${path}`, prompt);
      if (author === null || authoredAt === null) continue;
      const { name, email } = state.persons.ref(author);
      addTo(keys, copyKey(act, prompt, { name, email: email ?? '' }, authoredAt), commit);
    }
  }
  return {
    ledger: state.size === 0 ? '' : state.event(1).header.ledger,
    prompts: [...state.prompts.values()],
    promptOf: (commit, path) => prompts.get(`${commit}\0${path}`),
    commitsWith: (key) => [keys.get(key) ?? []].flat(),
  };
}

/** Most keys have one commit: no list for each. */
function addTo(keys: Map<string, string | string[]>, key: string, commit: string): void {
  const known = keys.get(key);
  if (known === undefined) keys.set(key, commit);
  else if (typeof known !== 'string') {
    if (!known.includes(commit)) known.push(commit);
  } else if (known !== commit) keys.set(key, [known, commit]);
}

/** What an event says of a commit. */
interface EventFact {
  readonly prompt: PromptId;
  readonly act: CommittedAct;
  readonly author: PersonId | null;
  /** Null: the event does not say. */
  readonly authoredAt: string | null;
}

/** The fact of the event at a seq; null where its body is gone, or it names no commit. */
function factAt(state: LedgerState, seq: number): EventFact | null {
  const event = state.event(seq);
  const act = committedAct(event);
  if (act === null || !event.known || event.header.prompt === undefined) return null;
  const { prompt: id } = event.header;
  const prompt = state.aliases.get(id) ?? id;
  if (event.type !== 'revision.observed' || event.body === null)
    return { prompt, act, author: null, authoredAt: null };
  return { prompt, act, author: event.header.refs.author, authoredAt: event.body.authoredAt };
}
