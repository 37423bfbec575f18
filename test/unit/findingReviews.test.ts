import assert from 'node:assert/strict';
import type { EventId, PersonId } from '../../src/core/ids.js';
import type { Finding, ReportedFinding } from '../../src/core/rows.js';
import { findingKey, outcomeOf } from '../../src/core/findingKinds.js';
import { findingReviews, reported } from '../../src/core/findingReviews.js';
import { clockFinding } from '../../src/core/orderCheck.js';
import { ana, EventChain, fakeId, ravi, rosa } from '../tools/eventChain.js';

const about = (event: EventId | null): Finding => ({
  code: 'redaction.unauthorised',
  severity: 'warning',
  seq: 9,
  event,
  message: 'It may not.',
  expected: null,
  found: null,
  remedy: 'Ask.',
});

describe('reviews of findings', () => {
  let chain: EventChain;
  let finding: Finding;
  beforeEach(() => {
    chain = new EventChain().begin();
    finding = about(chain.propose(ana, 'one').id);
  });

  function review(who: PersonId, more: { writer?: number; unattended?: boolean } = {}): void {
    const body = { scope: 'verify', findings: `${findingKey(finding)} x`, disposition: 'fine' };
    const { writer = 2, unattended = false } = more;
    chain.add('trail.reviewed', who, {}, body, { writer: fakeId(writer), unattended });
  }
  const now = (one = finding): ReportedFinding => reported(one, findingReviews(chain.state));
  const fault = (one = finding): string | null | undefined => now(one).reviewed?.notCounting;

  it("have a key that lasts, also for a clock that is held against the verifier's own", () => {
    const { id } = chain.add('ledger.created', ana, {}, {}, { at: '2030-01-01T00:00:00.000Z' });
    const seq = chain.state.seqOf(id)!;
    const at = { at: '2030-01-01T00:00:00.000Z', id };
    const keyAt = (now: number): string => findingKey(clockFinding(chain.state, at, seq, now)!);
    assert.equal(keyAt(Date.UTC(2026, 0, 2)), keyAt(Date.UTC(2026, 0, 3)));
    const backwards = { ...finding, code: 'clock.backwards', expected: 'x' };
    assert.notEqual(findingKey(backwards), findingKey({ ...backwards, expected: 'y' }));
  });

  it('never change what a verdict says', () => {
    review(ravi);
    assert.equal(now().settled, true);
    assert.equal(outcomeOf([now()], true), 'doubtful');
  });

  it('count from another person in another clone only', () => {
    assert.deepEqual([now().reviewed, now().settled], [null, false]);
    review(ana);
    assert.equal(fault(), 'same-person');
    review(ravi, { writer: 1 });
    assert.equal(fault(), 'same-clone');
    assert.equal(now().settled, false);
    review(ravi);
    assert.deepEqual([fault(), now().settled], [null, true]);
  });

  it('see one person behind two joined ids', () => {
    const alias = fakeId(0xaa);
    chain.add(
      'person.declared',
      alias,
      { person: alias },
      { name: 'A', email: 'a@clinic.example' },
    );
    chain.add('person.joined', alias, { persons: [ana, alias] }, {});
    review(alias);
    assert.equal(fault(), 'same-person');
  });

  it('count unattended only where they are signed', () => {
    review(ravi, { unattended: true });
    assert.equal(fault(), 'unattended');
    assert.deepEqual([now().reviewed?.attended, now().reviewed?.signed], [false, false]);
  });

  it('of no event have nobody who recorded it; of an event that is not here say so', () => {
    finding = about(null);
    review(ana, { writer: 1 });
    assert.equal(fault(), null);
    finding = about('f'.repeat(64) as EventId);
    review(ravi);
    assert.equal(fault(), 'event-unknown');
  });

  it('are all told, the newest first, and a later one takes nothing from one that counts', () => {
    review(ravi);
    review(rosa, { unattended: true });
    review(ana);
    const { reviewed, earlier, settled } = now();
    assert.deepEqual(
      [reviewed, ...earlier].map((one) => one?.notCounting),
      ['same-person', 'unattended', null],
    );
    assert.equal(settled, true);
  });
});
