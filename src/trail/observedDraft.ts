import type { CommitClaims } from '../core/historyCommit.js';
import type { EventDraft } from '../core/event.js';
import type { PlannedFact } from '../core/historyPlan.js';
import type { Digest, PersonId, PromptId } from '../core/ids.js';
import { formatOf } from '../prompts/format.js';
import type { CommitPeople } from './commitPeople.js';

/** Bytes that a commit gave a prompt. */
export interface ObservedBytes {
  readonly prompt: PromptId;
  readonly path: string;
  readonly digest: Digest;
  readonly size: number;
  readonly commit: string;
  readonly claims: CommitClaims;
}

/** The event that says who wrote bytes by what their commit claims; `who`: who records it. */
export function observedDraft(
  { prompt, path, digest, size, commit, claims }: ObservedBytes,
  people: CommitPeople,
  who: PersonId,
  origin: 'observed' | 'imported' = 'observed',
): EventDraft {
  const { authoredAt, committedAt, agents, signed } = claims;
  return {
    type: 'revision.observed',
    who,
    prompt,
    refs: { digest, ...people.of(claims) },
    body: { path, size, commit, authoredAt, committedAt, origin, agents, signed },
    identity: 'git',
  };
}

/** The event that records what a commit did to a prompt; `who` records it. */
export function factDraft(
  fact: PlannedFact,
  people: CommitPeople,
  who: PersonId,
  origin: 'observed' | 'imported',
): EventDraft {
  if (fact.kind === 'revision') return observedDraft(fact, people, who, origin);
  const { prompt, commit, claims, path } = fact;
  const common = { who, prompt, identity: 'git' } as const;
  if (fact.kind === 'registered') {
    const body = { path, format: formatOf(path) };
    return { ...common, type: 'prompt.registered', refs: {}, body };
  }
  const refs = { author: people.idOf(claims.author) };
  if (fact.kind === 'removed')
    return { ...common, type: 'prompt.removed', refs, body: { path, commit, origin } };
  const body = { from: fact.from, to: path, commit, origin };
  return { ...common, type: 'prompt.moved', refs, body };
}
