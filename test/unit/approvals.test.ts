import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { LedgerEvent } from '../../src/core/event.js';
import { approvalVerdict, contributors, newestApproved } from '../../src/core/approvals.js';
import type { EventId, PersonId } from '../../src/core/ids.js';
import type { Policy } from '../../src/core/policy.js';
import { parsePolicy } from '../../src/core/policyFile.js';
import { ancestorsOf, everything, type Scope, type VersionRecord } from '../../src/core/state.js';
import { digestOf } from '../../src/core/hash.js';
import { ana, EventChain, fakeId, ravi, rosa, triage } from '../tools/eventChain.js';

/** DESIGN.md §7 word for word: no index, nothing remembered. */
class Plainly {
  readonly #chain: EventChain;
  readonly #policy: Policy;

  constructor(chain: EventChain, policy: Policy) {
    this.#chain = chain;
    this.#policy = policy;
  }

  contributors(version: VersionRecord, scope: Scope): PersonId[] {
    const { state } = this.#chain;
    const before = (seq: number): boolean =>
      seq === version.seq || state.causality.isAncestor(seq, version.seq);
    const bases = version.prompt.versions.filter(
      (one) =>
        one !== version && before(one.seq) && scope(one.seq) && this.isApproved(one, scope, 1),
    );
    const isNew = (seq: number): boolean =>
      bases.every((base) => seq !== base.seq && !state.causality.isAncestor(seq, base.seq));
    const parts = [
      ...version.prompt.revisions,
      ...version.prompt.versions.map(({ seq, event }) => ({ seq, by: event.header.who })),
    ].filter(({ seq }) => isNew(seq));
    const sameBytes = state.withBytes(version.event.header.refs.digest);
    // Beside the proposal: nobody who had the bytes from an older event.
    const isBeside = (seq: number): boolean =>
      scope(seq) &&
      state.typeAt(seq) !== 'revision.observed' &&
      sameBytes.every((other) => !state.causality.isAncestor(other.seq, seq));
    const people = [
      ...parts.filter(({ seq }) => before(seq)),
      ...sameBytes.filter(({ seq }) => before(seq) || isBeside(seq)),
    ];
    return [...new Set(people.map(({ by }) => state.persons.same(by, scope)))];
  }

  isApproved(version: VersionRecord, scope: Scope, atLeast = 0): boolean {
    const { state } = this.#chain;
    const { required, contributors: mayContribute } = this.#policy.approvals;
    const personOf = (who: PersonId): PersonId => state.persons.same(who, scope);
    // Joining two ids takes nobody's objection away.
    const isOwn = ({ header }: LedgerEvent, by: PersonId): boolean =>
      (header as unknown as { refs: { decision?: string } }).refs.decision === 'approved'
        ? personOf(by) === personOf(header.who)
        : by === header.who;
    const revoked = new Set<EventId>();
    for (const { seq, event } of state.revocations) {
      const { decision } = event.header.refs;
      const at = state.seqOf(decision)!;
      const own = isOwn(state.event(at), event.header.who);
      if (own && scope(seq) && state.causality.isAncestor(at, seq)) revoked.add(decision);
    }
    const valid = version.decisions.filter((d) => scope(d.seq) && !revoked.has(d.event.id));
    const standing = valid.filter(
      ({ seq, event }) =>
        !valid.some(
          (other) =>
            state.causality.isAncestor(seq, other.seq) && isOwn(event, other.event.header.who),
        ),
    );
    if (standing.some((d) => d.event.header.refs.decision !== 'approved')) return false;
    const counted = standing.filter(({ seq, event }) => {
      const seen = ancestorsOf(state, seq);
      const me = state.persons.same(event.header.who, seen);
      return mayContribute || !this.contributors(version, seen).includes(me);
    });
    return (
      new Set(counted.map((d) => personOf(d.event.header.who))).size >= Math.max(required, atLeast)
    );
  }

  newestApproved(
    { prompt }: VersionRecord,
    below: number,
    scope: Scope,
  ): VersionRecord | undefined {
    return prompt.versions.findLast(
      (version) => version.number < below && scope(version.seq) && this.isApproved(version, scope),
    );
  }
}

const people = [ana, ravi, rosa] as const;
const step = fc.record({
  what: fc.constantFrom('revise', 'propose', 'decide', 'decide', 'revoke', 'join'),
  who: fc.nat(2),
  which: fc.nat(3),
  decision: fc.constantFrom('approved', 'approved', 'approved', 'changes-requested', 'rejected'),
  /** Has not seen the last few events. */
  offline: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 5 })),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function chainOf(steps: readonly Step[], policy: string): EventChain {
  const chain = new EventChain().begin(policy);
  const { state } = chain;
  const start = state.size;
  for (const [at, { what, who: person, which, decision, offline }] of steps.entries()) {
    const who = people[person]!;
    const known = Math.max(start, state.size - offline);
    const parents = offline === 0 ? undefined : { parents: [state.idAt(known)] };
    const join = { writer: fakeId(0x100 + person), ...parents };
    const more = { prompt: triage, ...join };
    const versions = [...state.versions.values()].filter((v) => v.seq <= known);
    const version = versions.at(-1 - (which % Math.max(1, versions.length)));
    const digest = `sha256:${fakeId(at % 7)}${fakeId(0)}` as never;
    const prompt = [...state.prompts.values()][0]!;
    const revision = prompt.revisions.at(-1);
    if (what === 'join' && which === 0) {
      chain.add('person.joined', who, { persons: [ana, who] }, {}, join);
    } else if (what === 'propose' && revision) {
      const refs = { digest: revision.digest, revision: revision.id, number: 1 };
      chain.add('version.proposed', who, refs, { path: 'p', note: '' }, more);
    } else if (what === 'decide' && version) {
      const refs = { version: version.event.id, digest: version.event.header.refs.digest };
      const judged = { ...refs, policy: chain.policyDigest, decision: decision as 'approved' };
      chain.add('review.decided', who, judged, { meaning: '', reason: null }, more);
    } else if (what === 'revoke' && version?.decisions[0]) {
      const refs = { decision: version.decisions[0].event.id };
      chain.add('review.revoked', who, refs, { reason: '' }, more);
    } else {
      const body = { path: 'p', size: 1, source: 'cli' as const };
      chain.add('revision.saved', who, { digest }, body, more);
    }
  }
  return chain;
}

describe('approvals of any history', () => {
  for (const approvals of [
    '{"required":1}',
    '{"required":2}',
    '{"required":0}',
    '{"required":1,"contributors":true}',
  ]) {
    it(`are what the rule ${approvals} says`, () => {
      const text = `{"version":1,"approvals":${approvals},"environments":{"production":{}}}`;
      const policy = parsePolicy(text);
      fc.assert(
        fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
          const chain = chainOf(steps, text);
          const { state } = chain;
          const plainly = new Plainly(chain, policy);
          for (const version of state.versions.values()) {
            for (const scope of [everything, ancestorsOf(state, state.size)]) {
              const input = { state, policy, version, scope };
              const { approved } = approvalVerdict({ ...input, rule: policy.approvals });
              assert.equal(approved, plainly.isApproved(version, scope));
              assert.deepEqual([...contributors(input)], plainly.contributors(version, scope));
              const { prompt } = version;
              const newest = newestApproved({ state, policy, scope, prompt, below: Infinity });
              assert.equal(newest, plainly.newestApproved(version, Infinity, scope));
            }
          }
        }),
        { numRuns: 60 },
      );
    });
  }

  it('are the same when they are asked for while the ledger grows', () => {
    const text = '{"version":1,"approvals":{"required":1},"environments":{"production":{}}}';
    const policy = parsePolicy(text);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const asked = chainOf([], text).state;
        const { state } = chainOf(steps, text);
        const newest = (of: typeof state): number | undefined => {
          const [prompt] = of.prompts.values();
          const input = { state: of, policy, scope: everything, prompt: prompt! };
          return newestApproved({ ...input, below: Infinity })?.number;
        };
        for (let seq = asked.size + 1; seq <= state.size; seq++) {
          asked.apply(state.event(seq));
          newest(asked);
        }
        assert.equal(newest(asked), newest(state));
      }),
      { numRuns: 60 },
    );
  });
});

describe('contributors of an observed commit', () => {
  it('are its author, its co-authors, and who committed it under another name', () => {
    const text = '{"version":1,"approvals":{"required":1},"environments":{"production":{}}}';
    const chain = chainOf([], text);
    const [helper, committer] = ['b', 'c'].map((digit) => digit.repeat(32) as PersonId);
    const times = {
      authoredAt: '2026-01-01T00:00:00.000Z',
      committedAt: '2026-01-01T00:00:00.000Z',
    };
    const body = { path: 'triage.prompt.md', size: 3, commit: 'd'.repeat(40), ...times };
    const refs = { digest: digestOf('new'), author: ravi, committer, coAuthors: [helper!] };
    const revision = chain.add(
      'revision.observed',
      ana,
      { ...refs, committer: committer! },
      { ...body, origin: 'observed', agents: [], signed: 'none' },
      { prompt: triage },
    );
    const proposed = chain.add(
      'version.proposed',
      rosa,
      { digest: digestOf('new'), revision: revision.id, number: 1 },
      { path: 'triage.prompt.md', note: 'why' },
      { prompt: triage },
    );
    const version = chain.version(proposed);
    const { state } = chain;
    const people = contributors({ state, policy: parsePolicy(text), version, scope: everything });
    for (const one of [ravi, helper, committer, rosa]) assert.ok(people.has(one!), one);
    assert.ok(!people.has(ana), 'who recorded it wrote nothing');
  });
});
