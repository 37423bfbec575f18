import assert from 'node:assert/strict';
import type { EventOf, LedgerEvent } from '../../src/core/event.js';
import type { EventId, PersonId } from '../../src/core/ids.js';
import { LedgerState } from '../../src/core/state.js';
import { replayedDeployment, type Verdict } from '../../src/core/verdicts.js';
import { EventChain, fakeId } from './eventChain.js';

export const max: PersonId = fakeId(0xd);
export const quinn: PersonId = fakeId(0xe);

/** A policy text; `more` stands beside the approvals and one environment. */
export function policyOf(approvals: object, more: object = {}): string {
  return JSON.stringify({
    version: 1,
    approvals,
    environments: { production: {} },
    ...more,
  });
}

/** A chain with five people, each of whom works in a clone of their own: its number is that of the person. */
export function teamChain(
  policy: string,
  files: { mailmap?: string; codeowners?: string } = {},
): EventChain {
  const chain = new EventChain().begin(policy);
  declare(chain, max, 'Max', 'max@clinic.example');
  declare(chain, quinn, 'Quinn', 'quinn@clinic.example');
  if (Object.keys(files).length > 0) chain.adopt(policy, files);
  return chain;
}

/** Somebody says who they are. */
export function declare(chain: EventChain, id: PersonId, name: string, email: string): EventId {
  return chain.add('person.declared', id, { person: id }, { name, email }).id;
}

/** What is said of a deployment by its ancestors, in a state where some bodies are gone. */
export function replay(
  chain: EventChain,
  deployed: EventOf<'deployment.recorded'>,
  gone: readonly EventId[] = [],
): Verdict {
  const state = gone.length === 0 ? chain.state : without(chain, gone);
  const verdict = replayedDeployment(state, deployed, state.seqOf(deployed.id)!);
  assert.ok(verdict);
  for (const { events } of [...verdict.reasons, ...verdict.ignored])
    for (const event of events) assert.ok(state.seqOf(event), 'proofs are events of the ledger');
  return verdict;
}

/** The same events in the same order, some without their bodies. */
export function without({ state }: EventChain, gone: readonly EventId[]): LedgerState {
  const other = new LedgerState();
  for (let seq = 1; seq <= state.size; seq++) {
    const event = state.event(seq);
    const bare = { ...event, body: null, bodyText: null } as LedgerEvent;
    other.apply(gone.includes(event.id) ? bare : event);
  }
  return other;
}

/** Codes, sorted; those by which it is refused, and those of approvals that do not count. */
export function codesOf({ reasons, ignored }: Verdict): readonly string[] {
  return [...new Set([...reasons, ...ignored].map(({ code }) => code))].sort();
}
