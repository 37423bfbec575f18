import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { EventId, LedgerId, WriterId } from '../../src/core/ids.js';
import type { Finding } from '../../src/core/rows.js';
import {
  checkChain,
  ChainChecker,
  type ChainBase,
  type PlacedEvent,
} from '../../src/ledger/chainCheck.js';

interface Step {
  readonly writer: number;
  /** Added to the writer's next number. */
  readonly jump: number;
  /** Which parents: all heads, the event before, the writer's last one, or any two. */
  readonly link: 'heads' | 'before' | 'own' | 'any' | 'none';
  readonly any: readonly number[];
}

const id = (at: number): EventId => `event ${at}` as EventId;

function chainOf(steps: readonly Step[]): PlacedEvent[] {
  const placed: PlacedEvent[] = [];
  const heads = new Set<EventId>();
  const counts = new Map<number, number>();
  const lasts = new Map<number, EventId>();
  for (const [at, { writer, jump, link, any }] of steps.entries()) {
    const before = at === 0 ? [] : [id(at - 1)];
    const last = lasts.get(writer);
    const parents = {
      heads: [...heads],
      before,
      own: last === undefined ? [...heads] : [last],
      any: [...new Set(any.map((n) => id(n % (at + 3))))],
      none: [],
    }[link].sort();
    const n = Math.max(1, (counts.get(writer) ?? 0) + 1 + jump);
    counts.set(writer, n);
    lasts.set(writer, id(at));
    for (const parent of parents) heads.delete(parent);
    heads.add(id(at));
    const header = { ledger: 'ledger' as LedgerId, writer: `w${writer}` as WriterId, n, parents };
    placed.push({ seq: at + 1, event: { id: id(at), header } as unknown as PlacedEvent['event'] });
  }
  return placed;
}

const honest = fc.constantFrom<Step['link']>('heads', 'before', 'own');
const step = (link: fc.Arbitrary<Step['link']>, jump: fc.Arbitrary<number>) =>
  fc.record({ writer: fc.nat(3), jump, link, any: fc.array(fc.nat(), { maxLength: 3 }) });
const honestSteps = fc.array(step(honest, fc.constant(0)), { maxLength: 40 });
const hostileSteps = fc.array(
  step(
    fc.oneof({ weight: 5, arbitrary: honest }, fc.constantFrom<Step['link']>('any', 'none')),
    fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.integer({ min: -2, max: 2 })),
  ),
  { maxLength: 40 },
);

/** All that can be said of events by walking from each to its parents. */
function ancestorsOf(events: readonly PlacedEvent[]): Map<EventId, Set<EventId>> {
  const all = new Map<EventId, Set<EventId>>();
  for (const { event } of events) {
    const own = new Set<EventId>();
    for (const parent of event.header.parents) {
      const known = all.get(parent);
      if (known) for (const one of [parent, ...known]) own.add(one);
    }
    all.set(event.id, own);
  }
  return all;
}

function baseOf(events: readonly PlacedEvent[]): ChainBase {
  const ancestors = ancestorsOf(events);
  const places = new Map(events.map(({ event }, at) => [event.id, at + 1]));
  return {
    size: events.length,
    ledger: 'ledger' as LedgerId,
    seqOf: (of) => places.get(of),
    lastOf: (writer) => {
      let last: { n: number; last: EventId } | undefined;
      for (const { event } of events) {
        const { n } = event.header;
        if (event.header.writer === writer && n > (last?.n ?? 0)) last = { n, last: event.id };
      }
      return last;
    },
    isAncestor: (ancestor, seq) =>
      ancestors.get(events[seq - 1]!.event.id)!.has(events[ancestor - 1]!.event.id),
  };
}

const codes = (findings: readonly Finding[]): string[] =>
  findings.map(({ seq, code }) => `${seq} ${code}`);

describe('chain check', () => {
  it('says of an event whether it builds on the one before of its writer, for any history', () => {
    fc.assert(
      fc.property(honestSteps, (steps) => {
        const events = chainOf(steps);
        const ancestors = ancestorsOf(events);
        const last = new Map<WriterId, EventId>();
        const expected: string[] = [];
        for (const { seq, event } of events) {
          const own = last.get(event.header.writer);
          if (own !== undefined && !ancestors.get(event.id)!.has(own)) {
            expected.push(`${seq} writer.branch`);
          }
          last.set(event.header.writer, event.id);
        }
        assert.deepEqual(codes(checkChain(events)), expected);
      }),
      { numRuns: 500 },
    );
  });

  it('gives the same findings when the older events are only a base', () => {
    fc.assert(
      fc.property(fc.oneof(honestSteps, hostileSteps), fc.nat(), (steps, cut) => {
        const events = chainOf(steps);
        const size = cut % (events.length + 1);
        const before = events.slice(0, size);
        const counters = new Set(before.map(({ event: { header: h } }) => `${h.writer} ${h.n}`));
        // A base is intact, and knows of each writer that it has all numbers up to the last.
        const intact = !checkChain(before).some((f) => f.severity !== 'info');
        fc.pre(size > 0 && intact && counters.size === size);
        const whole = checkChain(events).filter((f) => f.seq! > size);
        const behind = checkChain(events.slice(size), new Set(), baseOf(before));
        const comparable = (findings: readonly Finding[]): unknown[] =>
          findings.map((f) => (f.code === 'writer.fork' ? { ...f, expected: null } : f));
        assert.deepEqual(comparable(behind), comparable(whole));
      }),
      { numRuns: 1500 },
    );
  });

  it('names the base`s last event of a forked writer, and no older one', () => {
    const step = { jump: 0, link: 'before', any: [], writer: 0 } as const;
    const events = chainOf([step, step, { ...step, jump: -1 }, { ...step, jump: -2 }]);
    const base = baseOf(events.slice(0, 2));
    const found = checkChain(events.slice(2), new Set(), base);
    assert.deepEqual(
      found.map(({ code, expected }) => [code, expected]),
      [
        ['writer.fork', id(1)],
        ['writer.fork', null],
      ],
    );
  });

  it('checks events as they come', () => {
    const step = { jump: 0, link: 'before', any: [], writer: 0 } as const;
    const checker = new ChainChecker(null);
    const [first, second, third] = chainOf([step, { ...step, jump: 1 }, step]);
    checker.add(first!);
    assert.deepEqual(codes(checker.findings), []);
    checker.add(second!);
    assert.deepEqual(codes(checker.findings), ['2 writer.gap']);
    checker.add(third!);
    checker.add(third!);
    assert.deepEqual(codes(checker.findings), ['2 writer.gap', '3 event.twice', '3 writer.fork']);
  });
});
