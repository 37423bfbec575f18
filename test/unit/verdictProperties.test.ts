import assert from 'node:assert/strict';
import fc from 'fast-check';
import { activeRows } from '../../src/core/activeRows.js';
import { explanationOf } from '../../src/core/explain.js';
import type { EventOf } from '../../src/core/event.js';
import { digestOf } from '../../src/core/hash.js';
import type { EventId, PersonId } from '../../src/core/ids.js';
import { filledQuotas } from '../../src/core/quotas.js';
import { LedgerState } from '../../src/core/state.js';
import { replayedDeployment } from '../../src/core/verdicts.js';
import { ana, EventChain, fakeId, ravi, rosa, triage } from '../tools/eventChain.js';
import { declare, max, policyOf } from '../tools/verdictCase.js';

const people = [ana, ravi, rosa, max] as const;
const policies = [
  policyOf({}),
  policyOf({ required: 2, contributors: true }),
  policyOf(
    { expires: '1h', openComments: false, sameClone: false },
    {
      people: { ana: { emails: ['ana@clinic.example', 'max@clinic.example'] } },
      environments: { production: { approverMayDeploy: false, contributorMayDeploy: false } },
    },
  ),
  policyOf(
    { unattended: false },
    {
      roles: { safety: ['rosa@clinic.example', 'max@clinic.example'] },
      rules: [
        { name: 'all', approvals: { roles: ['safety'], otherPolicy: false } },
        {
          name: 'models',
          changes: ['model'],
          approvals: { roles: ['safety'], contributors: true },
        },
      ],
    },
  ),
];

const promoting = policies.push(
  policyOf(
    {},
    {
      environments: {
        staging: { approvals: { required: 0 } },
        production: { after: 'staging', breakGlass: { review: '1h' } },
      },
    },
  ),
);

const step = fc.record({
  what: fc.constantFrom(
    ...(['propose', 'propose', 'decide', 'decide', 'decide', 'deploy', 'deploy'] as const),
    ...(['revoke', 'withdraw', 'comment', 'resolve', 'join', 'adopt', 'revise'] as const),
  ),
  who: fc.nat(3),
  /** Which version, which decision, which policy, which text. */
  which: fc.nat(3),
  decision: fc.constantFrom('approved', 'approved', 'approved', 'changes-requested', 'rejected'),
  /** Whether this person's clone fetched before. */
  fetched: fc.constantFrom(true, true, false),
  unattended: fc.boolean(),
});
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

const roled = policyOf(
  { roles: ['reviewer'] },
  {
    people: {
      ravi: { emails: ['ravi@clinic.example'] },
      max: { emails: ['max@clinic.example'], kind: 'agent' },
    },
    roles: { reviewer: ['ravi', 'rosa@clinic.example'] },
    environments: { production: { contributorMayDeploy: false, deployers: ['reviewer'] } },
  },
);

/**
 * A ledger that four clones write, each of which sees its own events and what it fetched. `forged`: whether joins that
 * nobody asked the other about are there, or an event in place of each that says nothing.
 */
function ledgerOf(steps: readonly Step[], first: number | string, forged?: boolean): EventChain {
  const chain = new EventChain().begin(typeof first === 'number' ? policies[first] : first);
  declare(chain, max, 'Max', 'max@clinic.example');
  const start = [...chain.heads];
  const heads = new Map<PersonId, readonly EventId[]>(people.map((one) => [one, start]));
  for (const [at, one] of steps.entries()) record(chain, heads, one, at, forged);
  return chain;
}

function record(
  chain: EventChain,
  heads: Map<PersonId, readonly EventId[]>,
  { what, who: person, which, decision, fetched, unattended }: Step,
  at: number,
  forged?: boolean,
): void {
  const { state } = chain;
  const who = people[person]!;
  const parents = fetched ? [...chain.heads] : heads.get(who)!;
  const seqs = parents.map((id) => state.seqOf(id)!);
  const seen = (seq: number): boolean =>
    seqs.some((head) => head === seq || state.causality.isAncestor(seq, head));
  const more = { parents, writer: fakeId(0x100 + person), unattended };
  const inPrompt = { ...more, prompt: triage };
  const versions = [...state.versions.values()].filter(({ seq }) => seen(seq));
  const version = versions.at(-1 - (which % Math.max(1, versions.length)));
  const policy = digestOf(policies[which]!);
  const hasStaging = state.policies[0]!.event.body!.policy === policies[promoting - 1];
  const keep = (event: { readonly id: EventId }): void => void heads.set(who, [event.id]);
  const talk = (version?.talk ?? []).filter((one) => seen(one.seq));
  const thread = talk.find((one) => one.event.type === 'review.commented');
  const decided = (version?.decisions ?? []).filter((one) => seen(one.seq)).at(-1);
  if (what === 'adopt') {
    keep(chain.adopt(policies[which]!, {}, { parents, writer: more.writer }));
  } else if (what === 'join' && forged !== undefined) {
    const persons = [who, people[which]!];
    if (forged) keep(chain.add('person.joined', who, { persons }, {}, more));
    else keep(chain.add('recorder.paused', who, {}, { reason: 'r' }, more));
  } else if (what === 'join') {
    if (which === 0 && at % 4 === 0)
      keep(chain.add('person.joined', who, { persons: [ana, who] }, {}, more));
  } else if (what === 'revise' || what === 'propose') {
    const digest = digestOf(`text ${which === 3 ? 'again' : at}`);
    const body = { path: 'triage.prompt.md', size: 1, source: 'cli' as const };
    const revision = chain.add('revision.saved', who, { digest }, body, inPrompt);
    keep(revision);
    if (what === 'revise') return;
    const part = digestOf(`part ${which}`);
    const parts = { text: digest, model: part, tools: null, permissions: null };
    const refs = { digest, revision: revision.id, number: 1, commit: null, parts };
    const proposed = { path: 'triage.prompt.md', note: 'n' };
    const next = { ...inPrompt, parents: [revision.id] };
    keep(chain.add('version.proposed', who, refs, proposed, next));
  } else if (version === undefined) return;
  else if (what === 'decide') {
    const refs = { version: version.event.id, digest: version.event.header.refs.digest, policy };
    const body = { meaning: 'm', reason: null };
    keep(chain.add('review.decided', who, { ...refs, decision: decision }, body, inPrompt));
  } else if (what === 'revoke') {
    if (decided === undefined) return;
    const refs = { decision: decided.event.id };
    keep(chain.add('review.revoked', decided.event.header.who, refs, { reason: 'r' }, inPrompt));
  } else if (what === 'withdraw') {
    if (hasStaging && which === 3 && at > 15)
      keep(chain.add('prompt.retired', who, {}, { reason: 'r' }, inPrompt));
    if (which !== 0 || at % 2 === 0) return;
    const refs = { version: version.event.id };
    keep(chain.add('version.withdrawn', who, refs, { reason: 'r' }, inPrompt));
  } else if (what === 'comment') {
    const body = { text: 't', line: null, endLine: null };
    const refs = { version: version.event.id, thread: null };
    keep(chain.add('review.commented', who, refs, body, inPrompt));
  } else if (what === 'resolve') {
    if (thread === undefined) return;
    const refs = { thread: thread.event.id, resolved: which !== 0 };
    keep(chain.add('review.resolved', who, refs, { note: null }, inPrompt));
  } else {
    const refs = {
      version: version.event.id,
      digest: version.event.header.refs.digest,
      policy,
      env: hasStaging && decision !== 'approved' ? 'staging' : 'production',
      outcome: hasStaging && which === 3 ? ('failed' as const) : ('succeeded' as const),
      breakGlass: false,
      previous: null,
      rollbackOf: null,
    };
    const body = { note: null, reference: null };
    keep(chain.add('deployment.recorded', who, refs, body, inPrompt));
  }
}

type Deployed = EventOf<'deployment.recorded'>;

function deploymentsOf(state: LedgerState): Deployed[] {
  return state.seqsOfType('deployment.recorded').map((seq) => state.event(seq) as Deployed);
}

/**
 * What is said of a deployment, without what hangs on the order of arrival: lists become sets. `now`: also what came
 * later, which no verdict looks at.
 */
function said(state: LedgerState, { id }: Deployed, now: boolean): unknown {
  const seq = state.seqOf(id)!;
  const verdict = replayedDeployment(state, state.event(seq) as Deployed, seq)!;
  const sorted = (list: readonly unknown[]): string[] =>
    list.map((one) => JSON.stringify(one)).sort();
  const reasons = verdict.reasons.map(({ code, events }) => ({ code, events: [...events].sort() }));
  const ancestors = verdict.trace.decisions.filter(({ order }) => order === 'before');
  return {
    allowed: verdict.allowed,
    reasons: sorted(reasons),
    steps: sorted(verdict.trace.steps.map((one) => ({ ...one, events: [...one.events].sort() }))),
    decisions: sorted(
      (now ? verdict.trace.decisions : ancestors).map((one) => ({
        ...one,
        because: [...one.because].sort(),
      })),
    ),
  };
}

/** The same events in another order that puts none before its parents. */
function reordered(state: LedgerState, random: readonly number[]): LedgerState {
  const left = Array.from({ length: state.size }, (_, i) => state.event(i + 1));
  const done = new Set<EventId>();
  const other = new LedgerState();
  for (let turn = 0; left.length > 0; turn++) {
    const ready = left.filter(({ header }) => header.parents.every((id) => done.has(id)));
    const next = ready[(random[turn % random.length] ?? 0) % ready.length]!;
    left.splice(left.indexOf(next), 1);
    done.add(next.id);
    other.apply(next);
  }
  return other;
}

/** How many deployments of many ledgers the policy allowed, and how many it refused for which reasons. */
function tally(runs: number): { allowed: number; codes: Map<string, number> } {
  const codes = new Map<string, number>();
  let allowed = 0;
  for (const [all, policy] of fc.sample(fc.tuple(steps, first), { numRuns: runs, seed: 7 })) {
    const { state } = ledgerOf(all, policy);
    for (const one of deploymentsOf(state)) {
      const verdict = replayedDeployment(state, one, state.seqOf(one.id)!)!;
      if (verdict.allowed) allowed++;
      for (const { code } of [...verdict.reasons, ...verdict.ignored])
        codes.set(code, (codes.get(code) ?? 0) + 1);
    }
  }
  return { allowed, codes };
}

const steps = fc.array(step, { minLength: 15, maxLength: 45, size: 'max' });
const first = fc.nat(policies.length - 1);

describe('a replayed verdict', () => {
  it('is asked of ledgers that have something to say', () => {
    const { allowed, codes } = tally(150);
    assert.ok(allowed > 20, `${allowed} allowed`);
    for (const code of [
      ...([
        'approval.missing',
        'approval.after',
        'approval.unordered',
        'approval.revoked',
      ] as const),
      ...(['approver.contributed', 'approval.otherVersion', 'version.rejected'] as const),
      ...(['comments.open', 'approval.superseded', 'approver.role', 'deployer.approved'] as const),
      ...(['deployment.notPromoted', 'prompt.retired'] as const),
    ])
      assert.ok((codes.get(code) ?? 0) > 3, `${code}: ${codes.get(code) ?? 0} of them`);
  });

  it('does not change with the order in which the events arrived', () => {
    fc.assert(
      fc.property(steps, first, fc.array(fc.nat(50), { minLength: 5 }), (all, policy, random) => {
        const { state } = ledgerOf(all, policy);
        const other = reordered(state, random);
        for (const one of deploymentsOf(state))
          assert.deepEqual(said(other, one, true), said(state, one, true));
      }),
      { numRuns: 300 },
    );
  });

  it('does not change with any event that is added later', () => {
    fc.assert(
      fc.property(steps, first, (all, policy) => {
        const { state } = ledgerOf(all, policy);
        const growing = new LedgerState();
        const known = new Map<EventId, unknown>();
        for (let seq = 1; seq <= state.size; seq++) {
          growing.apply(state.event(seq));
          for (const one of deploymentsOf(growing)) {
            const now = said(growing, one, false);
            if (known.has(one.id)) assert.deepEqual(now, known.get(one.id));
            else known.set(one.id, now);
          }
        }
        for (const one of deploymentsOf(state))
          assert.deepEqual(said(state, one, false), known.get(one.id), 'asked once, at the end');
      }),
      { numRuns: 60 },
    );
  });

  it('allows nothing more where somebody joins ids of others', () => {
    /** Number of deployments that the joins refuse. */
    const refusedIn = (all: readonly Step[]): number => {
      // One policy to the end: it is the one with roles.
      const plain = all.filter(({ what }) => what !== 'adopt');
      const [honest, forged] = [false, true].map((one) => ledgerOf(plain, roled, one).state);
      const allowed = (state: LedgerState): boolean[] =>
        deploymentsOf(state).map(
          (one) => replayedDeployment(state, one, state.seqOf(one.id)!)!.allowed === true,
        );
      const without = allowed(honest!);
      let refused = 0;
      for (const [at, one] of allowed(forged!).entries()) {
        assert.ok(!one || without[at], `deployment ${at}`);
        if (!one && without[at]) refused++;
      }
      return refused;
    };
    fc.assert(
      fc.property(steps, (all) => void refusedIn(all)),
      { numRuns: 150 },
    );
    // The same ones each time: few ledgers have a deployment that only a join refuses.
    const fixed = fc.sample(steps, { seed: 7, numRuns: 400 });
    assert.ok(
      fixed.some((all) => refusedIn(all) > 0),
      'joins say something',
    );
  });

  it('is what `explain` and `active` say', () => {
    fc.assert(
      fc.property(steps, first, (all, policy) => {
        const { state } = ledgerOf(all, policy);
        for (const one of deploymentsOf(state)) {
          const seq = state.seqOf(one.id)!;
          const verdict = replayedDeployment(state, one, seq)!;
          const explained = explanationOf(state, state.size, seq);
          assert.equal(explained.allowed, verdict.allowed);
          assert.deepEqual(explained.reasons, [...new Set(verdict.reasons.map((r) => r.code))]);
          for (const { order } of explained.later) assert.ok(['after', 'unknown'].includes(order));
          const row = activeRows(state, state.size, { prompt: null, env: null, at: null }).find(
            ({ deployment }) => deployment === one.id,
          );
          if (row !== undefined && verdict.allowed) assert.equal(row.order, 'proven');
        }
        for (let seq = 1; seq <= state.size; seq++) explanationOf(state, state.size, seq);
      }),
      { numRuns: 40 },
    );
  });
});

describe('quotas', () => {
  /** Tries every way of giving people places. */
  function bestBySearch(
    required: readonly number[],
    fits: readonly (readonly boolean[])[],
  ): number {
    const places = required.flatMap((count, quota) => Array.from({ length: count }, () => quota));
    const place = (at: number, free: readonly number[]): number => {
      if (at === places.length) return 0;
      const others = free
        .filter((person) => fits[person]![places[at]!])
        .map(
          (person) =>
            1 +
            place(
              at + 1,
              free.filter((one) => one !== person),
            ),
        );
      return Math.max(place(at + 1, free), ...others);
    };
    return place(
      0,
      fits.map((_, person) => person),
    );
  }

  it('are filled as well as anybody could, and by nobody twice', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 1, maxLength: 3 }),
        fc.array(fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }), { maxLength: 5 }),
        (required, fits) => {
          const counts = filledQuotas(required, fits.length, (who, quota) => fits[who]![quota]!);
          const sum = counts.reduce((a, b) => a + b, 0);
          assert.equal(sum, bestBySearch(required, fits));
          assert.ok(counts.every((count, quota) => count <= required[quota]!));
          const turned = fits.toReversed();
          const same = filledQuotas(required, fits.length, (who, quota) => turned[who]![quota]!);
          assert.deepEqual(same, counts, 'whoever comes first');
        },
      ),
      { numRuns: 500 },
    );
  });
});
