import { commitKey, copyKey, type FactKeyInput, type KnownHistory } from '../core/historyPlan.js';
import type { PersonId, PromptId } from '../core/ids.js';
import type { LedgerState } from '../core/state.js';

const types = ['revision.observed', 'prompt.moved', 'prompt.removed'] as const;

/** What the ledger knows of commits, for a HistoryPlanner. Reads every event that names one. */
export function knownHistory(state: LedgerState): KnownHistory {
  const keys = new Map<string, string | string[]>();
  const prompts = new Map<string, PromptId>();
  for (const type of types) {
    for (const seq of state.seqsOfType(type)) {
      const fact = factAt(state, seq);
      if (fact === null) continue;
      const { prompt, commit, act, path, author, authoredAt } = fact;
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
  readonly commit: string;
  readonly act: FactKeyInput;
  readonly path: string;
  readonly author: PersonId | null;
  /** Null: the event does not say. */
  readonly authoredAt: string | null;
}

/** The fact of the event at a seq; null where its body is gone, or it names no commit. */
function factAt(state: LedgerState, seq: number): EventFact | null {
  const event = state.event(seq);
  if (!event.known || event.body === null) return null;
  const { prompt: id } = event.header;
  if (id === undefined) return null;
  const prompt = state.aliases.get(id) ?? id;
  if (event.type === 'revision.observed') {
    const { path, commit, authoredAt } = event.body;
    const { digest, author } = event.header.refs;
    const act = { kind: 'revision', path, digest } as const;
    return { prompt, commit, act, path, author, authoredAt };
  }
  if (event.type === 'prompt.moved') {
    const { from, to: path, commit } = event.body;
    if (commit == null) return null;
    const act = { kind: 'moved', from, path } as const;
    return { prompt, commit, act, path, author: null, authoredAt: null };
  }
  if (event.type === 'prompt.removed') {
    const { path, commit } = event.body;
    if (commit === null) return null;
    const act = { kind: 'removed', path } as const;
    return { prompt, commit, act, path, author: null, authoredAt: null };
  }
  return null;
}
