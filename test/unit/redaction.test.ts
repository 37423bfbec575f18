import assert from 'node:assert/strict';
import type { EventOf, EventType } from '../../src/core/event.js';
import { eventRow } from '../../src/core/eventRows.js';
import { digestOf } from '../../src/core/hash.js';
import type { EventId } from '../../src/core/ids.js';
import {
  authorisedRedactions,
  redactionProblems,
  type RedactionTarget,
} from '../../src/core/redaction.js';
import { redactionFindings } from '../../src/core/redactionCheck.js';
import { redactionRefs, redactionText } from '../../src/core/redactionRefs.js';
import { decodeEvent } from '../../src/core/eventCodec.js';
import { activeRows } from '../../src/core/activeRows.js';
import { explanationOf } from '../../src/core/explain.js';
import { parsePolicy } from '../../src/core/policyFile.js';
import { whatIf } from '../../src/core/policyWhatIf.js';
import { LedgerState } from '../../src/core/state.js';
import { replayedDeployment } from '../../src/core/verdicts.js';
import { EventChain, ana, fakeId, ravi, rosa } from '../tools/eventChain.js';
import { referenceFindings } from '../tools/eventChain.js';

const policy = JSON.stringify({
  version: 1,
  roles: { compliance: ['rosa@clinic.example'] },
  redaction: { roles: ['compliance'], unattended: false },
  environments: { production: {} },
});
const reviewed = JSON.stringify({
  version: 1,
  roles: { compliance: ['rosa@clinic.example'], reviewer: ['ravi@clinic.example'] },
  approvals: { roles: ['reviewer'], unattended: false },
  redaction: { roles: ['compliance'] },
  environments: { production: {} },
});

function redact(
  chain: EventChain,
  target: RedactionTarget,
  more: {
    who?: typeof rosa;
    reason?: string;
    parents?: readonly EventId[];
    unattended?: boolean;
  } = {},
): EventOf<'redacted'> {
  const { who = rosa, reason = 'a key leaked', ...rest } = more;
  return chain.add('redacted', who, { target }, { reason }, rest);
}

/** The reason codes for which the last redaction of a chain does not count. */
function problems(chain: EventChain): readonly string[] {
  const { redactions } = chain.state;
  return redactionProblems(chain.state, redactions.at(-1)!).map((r) => r.code);
}

/** The same ledger as a clone sees it after the bodies of these events are gone. */
function without(chain: EventChain, gone: readonly EventId[]): LedgerState {
  const state = new LedgerState();
  for (let seq = 1; seq <= chain.state.size; seq++) {
    const event = chain.state.event(seq);
    const body = gone.includes(event.id) ? null : event.bodyText;
    const decoded = decodeEvent(event.headerText, body);
    assert.ok(decoded.ok);
    state.apply(decoded.event);
  }
  return state;
}

function eventOf<T extends EventType>(chain: EventChain, type: T, nth = 0): EventOf<T> {
  const found: EventOf<T>[] = [];
  for (let seq = 1; seq <= chain.state.size; seq++) {
    const event = chain.state.event(seq);
    if (event.type === type) found.push(event as EventOf<T>);
  }
  return found[nth]!;
}

describe('redaction', () => {
  let chain: EventChain;
  beforeEach(() => (chain = new EventChain().begin(policy)));

  it('is nobody’s whose address is only the name of somebody who may', () => {
    const text = JSON.stringify({
      ...JSON.parse(policy),
      people: { rosa: { emails: ['rosa@clinic.example'] } },
      groups: { clinical: ['rosa'], '@clinic/rev': ['rosa'] },
      roles: { compliance: ['rosa', 'clinical', '@clinic/rev'] },
    });
    for (const email of ['rosa', 'clinical', '@clinic/rev', '*']) {
      const forged = new EventChain().begin(text);
      const version = forged.propose(ana, 'one');
      forged.add('person.declared', ravi, { person: ravi }, { name: 'Ravi', email });
      redact(forged, version.id, { who: ravi });
      assert.deepEqual(problems(forged), ['redactor.role'], email);
    }
  });

  it('counts for a content, a note, a decision, a person when the role has it', () => {
    const version = chain.propose(ana, 'one');
    const decision = chain.decide(ravi, version);
    const deployment = chain.deploy(ana, version);
    const targets = [
      digestOf('one'),
      version.id,
      version.header.refs.revision,
      decision.id,
      deployment.id,
      eventOf(chain, 'person.declared', 1).id,
    ];
    for (const target of targets) redact(chain, target);
    assert.deepEqual([...authorisedRedactions(chain.state).keys()], targets);
    assert.deepEqual(redactionFindings(chain.state), []);
  });

  it('does not count without the role, without a reason, or unattended where a person is asked for', () => {
    const { id } = chain.propose(ana, 'one');
    redact(chain, id, { who: ana });
    assert.deepEqual(problems(chain), ['redactor.role']);
    redact(chain, id, { reason: ' \n ' });
    assert.deepEqual(problems(chain), ['redaction.unexplained']);
    redact(chain, id, { unattended: true });
    assert.deepEqual(problems(chain), ['redaction.unattended']);
    assert.equal(authorisedRedactions(chain.state).size, 0);
    assert.deepEqual(
      redactionFindings(chain.state).map((f) => [f.code, f.severity]),
      [1, 2, 3].map(() => ['redaction.unauthorised', 'warning']),
    );
  });

  it('counts for nobody under a policy that does not speak of it', () => {
    const old = new EventChain().begin();
    const { id } = old.propose(ana, 'one');
    redact(old, id);
    assert.deepEqual(problems(old), ['redactor.nobody']);
  });

  it('judges by the ancestors alone: a role that was given or taken later changes nothing', () => {
    const { id } = chain.propose(ana, 'one');
    chain.adopt(policy.replace('rosa', 'ana'));
    const late = redact(chain, id, { parents: [id] });
    assert.equal(authorisedRedactions(chain.state).get(id)?.event.id, late.id);
    const other = chain.propose(ana, 'two', 2);
    redact(chain, other.id);
    assert.deepEqual(problems(chain), ['redactor.role']);
    redact(chain, other.id, { who: ana, parents: [other.id] });
    assert.deepEqual(problems(chain), []);
  });

  it('does not count for what its writer had not seen', () => {
    const seen = chain.propose(ana, 'one');
    const unseen = chain.propose(ana, 'two', 2);
    redact(chain, unseen.id, { parents: [seen.id] });
    assert.deepEqual(problems(chain), ['target.unknown']);
    redact(chain, digestOf('two'), { parents: [seen.id] });
    assert.deepEqual(problems(chain), ['target.unknown']);
    redact(chain, digestOf('never recorded'));
    assert.deepEqual(problems(chain), ['target.unknown']);
    redact(chain, `${fakeId(7)}${fakeId(7)}` as EventId);
    assert.deepEqual(problems(chain), ['target.unknown']);
  });

  it('keeps what the identity of prompts and the redactions themselves rest on', () => {
    const version = chain.propose(ana, 'one');
    redact(chain, eventOf(chain, 'person.declared', 2).id);
    assert.deepEqual(problems(chain), ['target.evidence'], 'nobody redacts themselves');
    const first = redact(chain, version.id);
    for (const id of [
      eventOf(chain, 'ledger.created').id,
      eventOf(chain, 'prompt.registered').id,
      first.id,
    ]) {
      redact(chain, id);
      assert.deepEqual(problems(chain), ['target.kept']);
    }
    redact(chain, eventOf(chain, 'person.declared', 2).id);
    assert.deepEqual(problems(chain), ['target.evidence'], 'who redacted stays named');
    redact(chain, eventOf(chain, 'person.declared', 0).id);
    assert.deepEqual(problems(chain), []);
  });

  it('lets a policy go once it is replaced, unless a redaction was judged by it', () => {
    const before = eventOf(chain, 'policy.adopted').id;
    redact(chain, before);
    assert.deepEqual(problems(chain), ['target.inForce']);
    chain.adopt(policy.replace('production', 'staging'));
    redact(chain, before);
    assert.deepEqual(problems(chain), []);
    const second = eventOf(chain, 'policy.adopted', 1).id;
    chain.adopt(policy);
    redact(chain, second);
    assert.deepEqual(problems(chain), ['target.evidence']);
  });

  it('keeps the first of several, and still counts when persons and policies are gone', () => {
    const version = chain.propose(ana, 'one');
    const [declared, adopted] = [
      eventOf(chain, 'person.declared', 1).id,
      eventOf(chain, 'policy.adopted').id,
    ];
    chain.adopt(policy.replace('production', 'staging'));
    const first = redact(chain, version.id);
    redact(chain, version.id, { reason: 'again' });
    redact(chain, declared);
    redact(chain, adopted);
    const state = without(chain, [version.id, declared, adopted]);
    assert.deepEqual(
      [...authorisedRedactions(state).keys()],
      [version.id, declared, adopted],
      'a clone without the bodies judges the same',
    );
    assert.equal(authorisedRedactions(state).get(version.id)?.event.id, first.id);
    assert.equal(state.persons.ref(ravi).name, '(redacted person)');
    assert.equal(state.persons.ref(fakeId(99)).name, '(unknown)');
    assert.match(
      redactionText(redactionRefs(state, [version.id])[0]!),
      /^redacted by Rosa on 2026-01-01 because a key leaked$/,
    );
    assert.equal(redactionRefs(state, [null, declared, digestOf('one')]).length, 1);
  });

  it('does not let somebody else name a redacted person', () => {
    const declared = eventOf(chain, 'person.declared', 1);
    redact(chain, declared.id);
    chain.add(
      'person.declared',
      ana,
      { person: ravi },
      { name: 'Eve', email: 'rosa@clinic.example' },
    );
    assert.equal(without(chain, [declared.id]).persons.ref(ravi).name, '(redacted person)');
  });

  it('says of a verdict that it lost its ground, and makes no approval count by that', () => {
    const strict = new EventChain().begin(reviewed);
    const version = strict.propose(ana, 'one');
    const decision = strict.decide(ravi, version, 'approved', { unattended: true });
    const deployment = strict.deploy(rosa, version);
    const reasons = (state: LedgerState): string[] =>
      replayedDeployment(
        state,
        state.event(state.seqOf(deployment.id)!) as EventOf<'deployment.recorded'>,
        state.seqOf(deployment.id)!,
      )!.reasons.map((r) => r.code);
    assert.deepEqual(reasons(strict.state), ['approval.missing', 'approval.unattended']);
    redact(strict, decision.id);
    assert.deepEqual(reasons(without(strict, [decision.id])), [
      'approval.missing',
      'decision.redacted',
    ]);

    const named = new EventChain().begin(reviewed);
    const good = named.propose(ana, 'one');
    named.decide(ravi, good);
    named.deploy(rosa, good);
    const declared = eventOf(named, 'person.declared', 1);
    redact(named, declared.id);
    assert.deepEqual(referenceFindings(named.state), []);
    const after = referenceFindings(without(named, [declared.id]));
    assert.deepEqual(
      after.map((f) => [f.code, f.severity]),
      [['deployment.unreplayable', 'info']],
    );
  });

  it('makes a verdict one that cannot be told any more, not one against the policy', () => {
    const rules = JSON.stringify({
      ...(JSON.parse(reviewed) as object),
      approvals: { roles: ['reviewer'], reason: true },
    });
    const built = (): { run: EventChain; good: EventOf<'version.proposed'>; deployed: EventId } => {
      const run = new EventChain().begin(rules);
      const good = run.propose(ana, 'one');
      run.decide(ravi, good, 'approved', { reason: 'read' });
      return { run, good, deployed: run.deploy(rosa, good).id };
    };
    const query = { prompt: null, env: null, at: null };
    const parsed = parsePolicy(rules);
    const files = { mailmap: null, codeowners: null };
    const asks = { policy: parsed, files };
    const told = (state: LedgerState, deployed: EventId) => {
      const { allowed, text, redactedBy } = explanationOf(state, 0, state.seqOf(deployed)!);
      const [row] = activeRows(state, 0, query);
      const effect = whatIf({
        ...{ state, syncedSize: 0, before: null, inForce: asks, after: asks },
        ...{ from: null, to: null, now: '2026-03-01T00:00:00.000Z' },
      });
      return {
        ...{ allowed, text, redactedBy, order: row?.order, by: row?.redactedBy },
        ...{ untold: effect.untold, differing: effect.differing.length },
      };
    };
    const before = built();
    assert.deepEqual(told(before.run.state, before.deployed).allowed, true);
    for (const target of ['review.decided', 'person.declared'] as const) {
      const { run, deployed } = built();
      const gone = eventOf(run, target, target === 'review.decided' ? 0 : 1);
      const { id } = redact(run, gone.id);
      const state = without(run, [gone.id]);
      const found = told(state, deployed);
      assert.deepEqual([found.allowed, found.order], [null, 'unknown'], target);
      assert.deepEqual([found.redactedBy, found.by], [[id], [id]]);
      assert.match(found.text, new RegExp(`cannot be told any more: .*${id.slice(0, 7)}`));
      assert.ok(found.untold > 0);
      assert.equal(found.differing, 0);
    }
    const none = new EventChain().begin(rules);
    const bare = none.propose(ana, 'one');
    const against = none.deploy(rosa, bare);
    redact(none, eventOf(none, 'person.declared', 1).id);
    const left = without(none, [eventOf(none, 'person.declared', 1).id]);
    const { allowed, order } = told(left, against.id);
    assert.deepEqual([allowed, order], [false, 'after'], 'what a redaction did not cause stays');
  });

  it('does not let a redacted policy shorten the list of contributors', () => {
    const two = reviewed.replace('"roles":["reviewer"]', '"required":2');
    const run = new EventChain().begin(two);
    const first = run.propose(ravi, 'one');
    run.decide(ana, first);
    const second = run.propose(ana, 'two', 2);
    const own = run.decide(ravi, second);
    const adopted = eventOf(run, 'policy.adopted').id;
    run.adopt(reviewed.replace('"roles":["reviewer"]', '"required":1'));
    const deployed = run.deploy(rosa, second);
    redact(run, adopted);
    const state = without(run, [adopted]);
    const verdict = replayedDeployment(state, deployed, state.seqOf(deployed.id)!)!;
    assert.ok(state.seqOf(own.id));
    assert.deepEqual(
      verdict.reasons.map((r) => r.code),
      ['approval.missing'],
    );
  });

  it('is told beside what it removed', () => {
    const version = chain.propose(ana, 'one');
    redact(chain, digestOf('one'));
    redact(chain, version.id);
    const { state } = chain;
    const rows = [0, 1].map((back) => eventRow(state, state.size, state.size - back).summary);
    assert.deepEqual(rows, ['redacted the note of v1', 'redacted the text of v1']);
    const row = eventRow(state, state.size, state.seqOf(version.id)!);
    assert.deepEqual(
      row.redactions?.map((r) => [r.part, r.by.name, r.reason]),
      [
        ['body', 'Rosa', 'a key leaked'],
        ['content', 'Rosa', 'a key leaked'],
      ],
    );
    assert.equal(eventRow(state, state.size, 1).redactions, undefined);
  });
});
