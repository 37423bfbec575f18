import assert from 'node:assert/strict';
import { breakGlassRow, breakGlassRows } from '../../src/core/breakGlass.js';
import type { BreakGlassRow } from '../../src/core/deploymentRows.js';
import type { EventOf, ReviewOutcome } from '../../src/core/event.js';
import { explanationOf } from '../../src/core/explain.js';
import type { EventId, PersonId } from '../../src/core/ids.js';
import type { LedgerState } from '../../src/core/state.js';
import { ana, fakeId, ravi, rosa, triage, type EventChain } from '../tools/eventChain.js';
import { declare, max, policyOf, quinn, teamChain, without } from '../tools/verdictCase.js';

type Deployed = EventOf<'deployment.recorded'>;

const day = (n: number, hour = 12): string => new Date(Date.UTC(2026, 2, n, hour)).toISOString();

const policyWith = (breakGlass: unknown, approvals: object = {}, more: object = {}): string =>
  policyOf(approvals, {
    roles: { compliance: ['rosa@clinic.example'] },
    environments: { staging: {}, production: { breakGlass } },
    ...more,
  });

/** Quinn's break-glass deployment of Ana's version on day 1. */
function emergency(policy: string): { chain: EventChain; deployed: Deployed } {
  const chain = teamChain(policy);
  const version = chain.propose(ana, 'one');
  const how = { breakGlass: true, note: 'outage', at: day(1) };
  return { chain, deployed: chain.deploy(quinn, version, 'production', how) };
}

function review(
  chain: EventChain,
  who: PersonId,
  deployment: EventId,
  more: {
    outcome?: ReviewOutcome;
    at?: string;
    parents?: readonly EventId[];
    unattended?: boolean;
  } = {},
): EventId {
  const { outcome = 'accepted', ...how } = more;
  const refs = { deployment, outcome };
  const given = { prompt: triage, at: day(1, 18), ...how };
  return chain.add('deployment.reviewed', who, refs, { findings: 'looked' }, given).id;
}

function rowOf(state: LedgerState, deployed: Deployed, now = day(9)): BreakGlassRow {
  const prompt = state.deployments.get(deployed.id)!;
  const record = prompt.deployments.find(({ id }) => id === deployed.id)!;
  return breakGlassRow({ state, syncedSize: state.size, now }, prompt, record);
}

const faultsOf = ({ uncounted }: BreakGlassRow): readonly (readonly string[])[] =>
  uncounted.map(({ reasons }) => reasons);

describe('a break-glass deployment', () => {
  it('is open, then overdue, until somebody else reviews it', () => {
    const { chain, deployed } = emergency(policyWith({ review: '24h' }));
    const before = rowOf(chain.state, deployed, day(2, 11));
    assert.deepEqual([before.state, before.due, before.reason], ['open', day(2), 'outage']);
    assert.equal(rowOf(chain.state, deployed, day(2)).state, 'overdue');
    const event = review(chain, rosa, deployed.id);
    const after = rowOf(chain.state, deployed);
    assert.deepEqual([after.state, after.review?.event], ['accepted', event]);
    assert.deepEqual([after.review?.by.name, after.review?.late], ['Rosa', false]);
  });

  it('is not reviewed by an event that names another prompt', () => {
    const { chain, deployed } = emergency(policyWith({}));
    const other = fakeId(0x72);
    const refs = { deployment: deployed.id, outcome: 'accepted' } as const;
    chain.add('deployment.reviewed', rosa, refs, { findings: 'looked' }, { prompt: other });
    assert.equal(rowOf(chain.state, deployed).state, 'open');
  });

  it('says of a review that it came too late', () => {
    const { chain, deployed } = emergency(policyWith({ review: '24h' }));
    review(chain, rosa, deployed.id, { at: day(3) });
    assert.equal(rowOf(chain.state, deployed).review?.late, true);
  });

  it('is not overdue at once where its time ends after the year 9999', () => {
    const chain = teamChain(policyWith({ review: '30d' }));
    const version = chain.propose(ana, 'one');
    const at = '9999-12-20T00:00:00.000Z';
    const deployed = chain.deploy(quinn, version, 'production', { breakGlass: true, at });
    const { state, due } = rowOf(chain.state, deployed, at);
    assert.deepEqual([state, due], ['open', '9999-12-31T23:59:59.999Z']);
  });

  it('is never due where the policy sets no time, and is listed all the same', () => {
    for (const rule of [true, {}]) {
      const { chain, deployed } = emergency(policyWith(rule));
      const { state, due } = rowOf(chain.state, deployed);
      assert.deepEqual([state, due], ['open', null]);
    }
  });

  it('goes by the policy in scope of it, whatever was adopted since', () => {
    const { chain, deployed } = emergency(policyWith({ review: '24h', reviewers: ['compliance'] }));
    chain.adopt(policyWith(false));
    review(chain, ravi, deployed.id);
    const row = rowOf(chain.state, deployed);
    assert.deepEqual([row.state, row.due], ['overdue', day(2)]);
    assert.deepEqual(faultsOf(row), [['reviewer.role']]);
  });

  it('is not reviewed by who made it, under whatever address', () => {
    const other = fakeId(0xe2);
    const people = {
      people: { quinn: { emails: ['quinn@clinic.example', 'quinn@home.example'] } },
    };
    const { chain, deployed } = emergency(policyWith({ review: '24h' }, {}, people));
    review(chain, quinn, deployed.id);
    declare(chain, other, 'Q', 'quinn@home.example');
    review(chain, other, deployed.id);
    const row = rowOf(chain.state, deployed);
    assert.equal(row.state, 'overdue');
    assert.deepEqual(faultsOf(row), [['review.own'], ['review.own']]);
  });

  it('is not accepted by who turns out to be the same person', () => {
    const { chain, deployed } = emergency(policyWith({ review: '24h' }));
    review(chain, rosa, deployed.id);
    chain.add('person.joined', ana, { persons: [quinn, rosa] }, {});
    assert.deepEqual(faultsOf(rowOf(chain.state, deployed)), [['review.own']]);
  });

  it('keeps an objection that somebody wants to take away by a join', () => {
    const { chain, deployed } = emergency(policyWith({ review: '24h' }));
    chain.add('person.joined', quinn, { persons: [quinn, rosa] }, {});
    review(chain, rosa, deployed.id, { outcome: 'objected' });
    assert.equal(rowOf(chain.state, deployed).state, 'objected');
  });

  it('is not reviewed by a program', () => {
    const agent = { people: { helper: { emails: ['max@clinic.example'], kind: 'agent' } } };
    const { chain, deployed } = emergency(policyWith(true, {}, agent));
    review(chain, max, deployed.id);
    assert.deepEqual(faultsOf(rowOf(chain.state, deployed)), [['reviewer.agent']]);
  });

  it('is not reviewed by who had not seen it', () => {
    const { chain, deployed } = emergency(policyWith(true));
    review(chain, rosa, deployed.id, { parents: deployed.header.parents });
    assert.deepEqual(faultsOf(rowOf(chain.state, deployed)), [['review.unordered']]);
  });

  it('is reviewed by a script only where the approvals of the environment may be given so', () => {
    for (const [unattended, faults] of [
      [true, []],
      [false, [['review.unattended']]],
    ] as const) {
      const { chain, deployed } = emergency(policyWith(true, { unattended }));
      review(chain, rosa, deployed.id, { unattended: true });
      assert.deepEqual(faultsOf(rowOf(chain.state, deployed)), faults);
    }
  });

  it('stays objected until somebody accepts who knows of the objection', () => {
    const { chain, deployed } = emergency(policyWith(true));
    const parents = [...chain.heads];
    const objection = review(chain, rosa, deployed.id, { outcome: 'objected', parents });
    review(chain, ravi, deployed.id, { parents });
    const row = rowOf(chain.state, deployed);
    assert.deepEqual([row.state, row.review?.event], ['objected', objection]);
    const settled = review(chain, max, deployed.id);
    assert.equal(rowOf(chain.state, deployed).review?.event, settled);
  });

  it('loses words by a redaction, and no state', () => {
    const { chain, deployed } = emergency(policyWith({ review: '24h' }));
    const event = review(chain, rosa, deployed.id);
    const row = rowOf(without(chain, [event, deployed.id]), deployed);
    assert.deepEqual([row.state, row.reason, row.review?.findings], ['accepted', null, null]);
    const policy = chain.state.policies.at(-1)!.event.id;
    const bare = rowOf(without(chain, [policy]), deployed);
    assert.deepEqual([bare.state, bare.due], ['accepted', null]);
  });

  it('is no review of another one, and others are none', () => {
    const { chain, deployed } = emergency(policyWith(true));
    const [version] = chain.state.versions.values();
    const again = { breakGlass: true, at: day(4) };
    const second = chain.deploy(max, version!.event, 'production', again);
    chain.deploy(max, version!.event, 'staging');
    review(chain, rosa, deployed.id);
    const { state } = chain;
    const input = { state, syncedSize: state.size, now: day(9), prompt: null, env: null };
    const rows = breakGlassRows(input);
    assert.deepEqual(
      rows.map((row) => [row.deployment, row.state]),
      [
        [second.id, 'open'],
        [deployed.id, 'accepted'],
      ],
    );
    assert.equal(breakGlassRows({ ...input, env: 'staging' }).length, 0);
  });

  it('has reviews that explain why they do not count', () => {
    const { chain, deployed } = emergency(policyWith({ reviewers: ['compliance'] }));
    const good = review(chain, rosa, deployed.id);
    const bad = review(chain, ravi, deployed.id);
    const { state } = chain;
    const of = (id: EventId) => explanationOf(state, state.size, state.seqOf(id)!);
    assert.deepEqual([of(good).allowed, of(good).reasons], [true, []]);
    assert.deepEqual([of(bad).allowed, of(bad).reasons], [false, ['reviewer.role']]);
    assert.match(of(bad).text, /counts for nothing: its person has none of the roles/);
  });
});
