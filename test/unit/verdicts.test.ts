import assert from 'node:assert/strict';
import { approvalVerdict, contributors, latestDecisions } from '../../src/core/approvals.js';
import { activeRows } from '../../src/core/activeRows.js';
import type { EventOf } from '../../src/core/event.js';
import type { PersonId } from '../../src/core/ids.js';
import { ancestorsOf, everything, type Scope } from '../../src/core/state.js';
import { policyInScope } from '../../src/core/policyInScope.js';
import { decisionVerdict } from '../../src/core/decisionVerdict.js';
import { deploymentVerdict } from '../../src/core/verdicts.js';
import { eventRow } from '../../src/core/eventRows.js';
import { reviewRows, versionRow } from '../../src/core/versionRows.js';
import { ana, EventChain, fakeId, ravi, rosa, triage } from '../tools/eventChain.js';
import { referenceFindings } from '../tools/eventChain.js';

type Version = EventOf<'version.proposed'>;

function whyNotApprove(chain: EventChain, who: PersonId, version: Version): string[] {
  const policy = policyInScope(chain.state, everything)!;
  const input = { state: chain.state, policy, version: chain.version(version), scope: everything };
  return decisionVerdict({
    ...input,
    who: chain.state.persons.actor(who),
    decision: 'approved',
  }).reasons.map((r) => r.code);
}

function whyNotDeploy(
  chain: EventChain,
  who: PersonId,
  version: Version,
  env = 'production',
  scope: Scope = everything,
): string[] {
  const policy = policyInScope(chain.state, scope)!;
  return deploymentVerdict({
    state: chain.state,
    policy,
    version: chain.version(version),
    who: chain.state.persons.actor(who),
    env,
    scope,
  }).reasons.map((r) => r.code);
}

function names(chain: EventChain, version: Version): string[] {
  const policy = policyInScope(chain.state, everything)!;
  const people = contributors({
    state: chain.state,
    policy,
    version: chain.version(version),
    scope: everything,
  });
  return [...people].map((id) => chain.state.persons.ref(id).name).sort();
}

describe('who may approve', () => {
  it('everybody but the author, by the preset team', () => {
    const chain = new EventChain().begin();
    const v1 = chain.propose(ana, 'one');
    assert.deepEqual(whyNotApprove(chain, ana, v1), ['approver.contributed']);
    assert.deepEqual(whyNotApprove(chain, ravi, v1), []);
  });

  it('nobody who revised it since the last approved version, whoever proposed it', () => {
    const chain = new EventChain().begin();
    chain.revise(ravi, 'draft');
    const v1 = chain.propose(ana, 'one');
    assert.deepEqual(whyNotApprove(chain, ravi, v1), ['approver.contributed']);
    chain.decide(rosa, v1);
    const v2 = chain.propose(ana, 'two', 2);
    assert.deepEqual(whyNotApprove(chain, ravi, v2), [], 'his part was approved with v1');
    assert.deepEqual(names(chain, v2), ['Ana']);
  });

  it('counts revisions after a version that was not approved', () => {
    const chain = new EventChain().begin();
    const v1 = chain.propose(ravi, 'one');
    chain.decide(rosa, v1, 'changes-requested');
    const v2 = chain.propose(ana, 'two', 2);
    assert.deepEqual(names(chain, v2), ['Ana', 'Ravi']);
  });

  it('takes the author of an observed revision from git, not the one who recorded it', () => {
    const chain = new EventChain().begin();
    const body = {
      path: 'triage.prompt.md',
      size: 3,
      commit: 'c'.repeat(40),
      authoredAt: '2026-01-01T00:00:00.000Z',
    };
    const digest = chain.revise(ana, 'x').header.refs.digest;
    const revision = chain.add('revision.observed', ana, { digest, author: ravi }, body, {
      prompt: triage,
    });
    const v1 = chain.add(
      'version.proposed',
      ana,
      { digest, revision: revision.id, number: 1 },
      { path: 'triage.prompt.md', note: 'n' },
      { prompt: triage },
    );
    assert.deepEqual(whyNotApprove(chain, ravi, v1), ['approver.contributed']);
  });

  it('sees one person behind two joined ids', () => {
    const chain = new EventChain().begin();
    const alias = fakeId(0xaa);
    chain.add(
      'person.declared',
      alias,
      { person: alias },
      { name: 'Ana', email: 'ana@home.example' },
    );
    const v1 = chain.propose(ana, 'one');
    assert.deepEqual(whyNotApprove(chain, alias, v1), []);
    chain.add('person.joined', alias, { persons: [ana, alias] }, {});
    assert.deepEqual(whyNotApprove(chain, alias, v1), ['approver.contributed']);
  });

  it('only people with a role that counts', () => {
    const chain = new EventChain().begin(
      '{"version":1,"roles":{"r":["RAVI@clinic.example"]},"approvals":{"roles":["r"]},"environments":{"production":{}}}',
    );
    const v1 = chain.propose(ana, 'one');
    assert.deepEqual(whyNotApprove(chain, rosa, v1), ['approver.role']);
    assert.deepEqual(whyNotApprove(chain, ravi, v1), []);
  });
});

describe('who wrote the bytes', () => {
  it("counts for ever: bytes that somebody else proposes again are still their author's", () => {
    const chain = new EventChain().begin();
    const v1 = chain.propose(ana, 'evil');
    chain.decide(rosa, v1, 'rejected');
    const v2 = chain.propose(ravi, 'good', 2);
    chain.decide(rosa, v2);
    const digest = v1.header.refs.digest;
    const refs = { digest, revision: v1.header.refs.revision, number: 3 };
    const body = { path: 'triage.prompt.md', note: 'again' };
    const v3 = chain.add('version.proposed', ravi, refs, body, { prompt: triage });
    assert.deepEqual(whyNotApprove(chain, ana, v3), ['approver.contributed']);
    chain.decide(ana, v3);
    assert.deepEqual(whyNotDeploy(chain, rosa, v3), ['approval.missing']);
  });

  it('counts under another path too', () => {
    const chain = new EventChain().begin();
    chain.propose(ana, 'one');
    const renamed = fakeId(0x73);
    const body = { path: 'renamed.prompt.md', format: 'vscode-prompt' };
    chain.add('prompt.registered', ravi, {}, body, { prompt: renamed });
    const v1 = chain.propose(ravi, 'one', 1, renamed);
    assert.deepEqual(whyNotApprove(chain, ana, v1), ['approver.contributed']);
  });
});

describe('what may be deployed', () => {
  it('only what is approved', () => {
    const chain = new EventChain().begin();
    const v1 = chain.propose(ana, 'one');
    assert.deepEqual(whyNotDeploy(chain, rosa, v1), ['approval.missing']);
    chain.decide(ravi, v1);
    assert.deepEqual(whyNotDeploy(chain, rosa, v1), []);
  });

  it("not by a contributor's own approval, even when it stands in the ledger", () => {
    const chain = new EventChain().begin();
    const v1 = chain.propose(ana, 'one');
    chain.decide(ana, v1);
    assert.deepEqual(whyNotDeploy(chain, rosa, v1), ['approval.missing']);
  });

  it('needs as many different people as the policy says', () => {
    const chain = new EventChain().begin(
      '{"version":1,"approvals":{"required":2},"environments":{"production":{}}}',
    );
    const v1 = chain.propose(ana, 'one');
    chain.decide(ravi, v1);
    chain.decide(ravi, v1);
    assert.deepEqual(whyNotDeploy(chain, rosa, v1), ['approval.missing']);
    chain.decide(rosa, v1);
    assert.deepEqual(whyNotDeploy(chain, rosa, v1), []);
  });

  for (const [decision, code] of [
    ['changes-requested', 'changes.requested'],
    ['rejected', 'version.rejected'],
  ] as const) {
    it(`not after ${decision}, until the same person approves`, () => {
      const chain = new EventChain().begin();
      const v1 = chain.propose(ana, 'one');
      chain.decide(ravi, v1);
      chain.decide(rosa, v1, decision);
      assert.deepEqual(whyNotDeploy(chain, rosa, v1), [code]);
      chain.decide(rosa, v1);
      assert.deepEqual(whyNotDeploy(chain, rosa, v1), []);
    });
  }

  it('not after the approval was revoked', () => {
    const chain = new EventChain().begin();
    const v1 = chain.propose(ana, 'one');
    const approval = chain.decide(ravi, v1);
    chain.add(
      'review.revoked',
      ravi,
      { decision: approval.id },
      { reason: 'mistake' },
      { prompt: triage },
    );
    assert.deepEqual(whyNotDeploy(chain, rosa, v1), ['approval.missing']);
  });

  it('not with an unattended approval where the policy counts none', () => {
    const chain = new EventChain().begin(
      '{"version":1,"approvals":{"unattended":false},"environments":{"production":{}}}',
    );
    const v1 = chain.propose(ana, 'one');
    chain.decide(ravi, v1, 'approved', { unattended: true });
    assert.deepEqual(whyNotDeploy(chain, rosa, v1), ['approval.missing', 'approval.unattended']);
  });

  it('not by the approver or without the role, where the policy says so', () => {
    const chain = new EventChain().begin(
      '{"version":1,"roles":{"rm":["rosa@clinic.example","ravi@clinic.example"]},"environments":{"production":{"deployers":["rm"],"approverMayDeploy":false},"staging":{}}}',
    );
    const v1 = chain.propose(ana, 'one');
    chain.decide(ravi, v1);
    assert.deepEqual(whyNotDeploy(chain, ana, v1), ['deployer.role']);
    assert.deepEqual(whyNotDeploy(chain, ravi, v1), ['deployer.approved']);
    assert.deepEqual(whyNotDeploy(chain, rosa, v1), []);
    assert.deepEqual(whyNotDeploy(chain, ravi, v1, 'staging'), []);
    assert.deepEqual(whyNotDeploy(chain, ravi, v1, 'moon'), ['environment.unknown']);
  });
});

describe('a verdict on the past', () => {
  it('is a function of the ancestors: an approval that the deployer had not seen does not count', () => {
    const chain = new EventChain().begin();
    const v1 = chain.propose(ana, 'one');
    const approval = chain.decide(ravi, v1, 'approved', { parents: [v1.id] });
    const deployment = chain.deploy(rosa, v1, 'production', { parents: [v1.id] });
    const { state } = chain;
    const seq = state.seqOf(deployment.id)!;
    assert.ok(state.seqOf(approval.id)! < seq, 'it stands before it in the ledger');
    assert.deepEqual(whyNotDeploy(chain, rosa, v1, 'production', ancestorsOf(state, seq)), [
      'approval.missing',
    ]);
    assert.equal(activeRows(state, 99, { prompt: null, env: null, at: null })[0]?.order, 'unknown');
  });

  it('does not change with what comes later', () => {
    const chain = new EventChain().begin();
    const v1 = chain.propose(ana, 'one');
    const approval = chain.decide(ravi, v1);
    const deployment = chain.deploy(rosa, v1);
    const scope = ancestorsOf(chain.state, chain.state.seqOf(deployment.id)!);
    chain.add(
      'review.revoked',
      ravi,
      { decision: approval.id },
      { reason: 'late' },
      { prompt: triage },
    );
    chain.adopt('{"version":1,"approvals":{"required":5},"environments":{"production":{}}}');
    assert.deepEqual(whyNotDeploy(chain, rosa, v1, 'production', scope), []);
    assert.deepEqual(whyNotDeploy(chain, rosa, v1), ['approval.missing']);
  });
});

describe('an approval', () => {
  it('does not lapse when an older version is rejected later', () => {
    const chain = new EventChain().begin();
    const v1 = chain.propose(ana, 'one');
    chain.decide(rosa, v1);
    const v2 = chain.propose(ravi, 'two', 2);
    chain.decide(ana, v2);
    assert.deepEqual(whyNotDeploy(chain, rosa, v2), []);
    chain.decide(rosa, v1, 'rejected');
    assert.deepEqual(whyNotDeploy(chain, rosa, v2), []);
    const policy = policyInScope(chain.state, everything)!;
    const row = versionRow({ state: chain.state, policy, syncedSize: 99 }, chain.version(v2));
    assert.deepEqual([row.state, row.contributors.map((p) => p.name)], ['approved', ['Ravi']]);
  });

  it("is still its own contributor's when two ids are joined later", () => {
    const chain = new EventChain().begin();
    const other = fakeId(0xaa);
    chain.add('person.declared', other, { person: other }, { name: 'Ana', email: 'a@home' });
    const v1 = chain.propose(ana, 'one');
    chain.decide(other, v1);
    const deployment = chain.deploy(rosa, v1);
    const scope = ancestorsOf(chain.state, chain.state.seqOf(deployment.id)!);
    chain.add('person.joined', other, { persons: [ana, other] }, {});
    assert.deepEqual(whyNotDeploy(chain, rosa, v1, 'production', scope), []);
  });
});

describe('names', () => {
  it('are those that people had when they acted', () => {
    const chain = new EventChain().begin();
    chain.propose(ana, 'one');
    const renamed = { name: 'Ravi', email: 'ana@clinic.example' };
    chain.add('person.declared', ana, { person: ana }, renamed);
    chain.revise(ana, 'two');
    const all = Array.from({ length: chain.state.size }, (_, i) =>
      eventRow(chain.state, 99, i + 1),
    );
    const named = all.filter((r) => r.type === 'revision.saved').map((r) => r.who.name);
    assert.deepEqual(named, ['Ana', 'Ravi']);
  });

  it('cannot be given to somebody who has one by somebody else', () => {
    const chain = new EventChain().begin();
    chain.add('person.declared', ravi, { person: ana }, { name: 'Mallory', email: 'm@x' });
    assert.equal(chain.state.persons.ref(ana).name, 'Ana');
  });
});

describe('references', () => {
  it('of an honest ledger are in order', () => {
    const chain = new EventChain().begin();
    const v1 = chain.propose(ana, 'one');
    chain.decide(ravi, v1);
    chain.deploy(rosa, v1);
    assert.deepEqual(referenceFindings(chain.state), []);
  });

  it('to nothing, and deployments against the policy, are found', () => {
    const chain = new EventChain().begin();
    const v1 = chain.propose(ana, 'one');
    chain.deploy(rosa, v1);
    chain.deploy(rosa, { ...v1, id: 'f'.repeat(64) as typeof v1.id });
    assert.deepEqual(
      referenceFindings(chain.state).map((f) => [f.code, f.severity]),
      [
        ['deployment.unproven', 'warning'],
        ['reference.wrong', 'warning'],
      ],
    );
  });
});

describe('rows', () => {
  it('number versions by their place and mark the ones that sync may renumber', () => {
    const chain = new EventChain().begin();
    const v1 = chain.propose(ana, 'one', 1);
    const other = chain.propose(ravi, 'two', 1);
    const policy = policyInScope(chain.state, everything)!;
    const view = { state: chain.state, policy, syncedSize: chain.version(v1).seq };
    assert.equal(versionRow(view, chain.version(v1)).label, 'v1');
    assert.equal(versionRow(view, chain.version(other)).label, 'v2?');
  });

  it('join two registrations of one path: the older wins', () => {
    const chain = new EventChain().begin();
    const second = fakeId(0x72);
    chain.add(
      'prompt.registered',
      ravi,
      {},
      { path: 'triage.prompt.md', format: 'vscode-prompt' },
      { prompt: second },
    );
    const v1 = chain.propose(ravi, 'one', 1, second);
    assert.equal(chain.version(v1).prompt.id, triage);
    assert.equal(chain.state.prompts.size, 1);
  });

  it('list what waits for me, and why it does not', () => {
    const chain = new EventChain().begin();
    chain.propose(ana, 'one');
    const policy = policyInScope(chain.state, everything)!;
    const view = { state: chain.state, policy, syncedSize: 0 };
    assert.deepEqual(
      reviewRows(view, chain.state.persons.actor(ravi)).map((r) => [r.version.label, r.waitsForMe]),
      [['v1?', true]],
    );
    assert.deepEqual(
      reviewRows(view, chain.state.persons.actor(ana)).map((r) => r.blockedBecause),
      [['approver.contributed']],
    );
    const v2 = chain.propose(ana, 'two', 2);
    chain.decide(ravi, v2);
    assert.deepEqual(
      reviewRows(view, chain.state.persons.actor(ravi)),
      [],
      'approved, and v1 is superseded',
    );
  });

  it('tell what was active at a time', () => {
    const chain = new EventChain().begin();
    const v1 = chain.propose(ana, 'one');
    chain.decide(ravi, v1);
    const d1 = chain.deploy(rosa, v1, 'production', { at: '2026-02-01T10:00:00.000Z' });
    const v2 = chain.propose(ana, 'two', 2);
    chain.decide(ravi, v2);
    chain.deploy(rosa, v2, 'production', { at: '2026-03-01T10:00:00.000Z' });
    chain.deploy(rosa, v1, 'production', { at: '2026-04-01T10:00:00.000Z', rollbackOf: d1.id });
    const at = (time: string): (string | boolean)[] =>
      activeRows(chain.state, 99, { prompt: null, env: 'production', at: time }).flatMap((r) => [
        r.version,
        r.rollback,
      ]);
    assert.deepEqual(at('2026-01-31T00:00:00.000Z'), []);
    assert.deepEqual(at('2026-02-01T10:00:00.000Z'), ['v1', false]);
    assert.deepEqual(at('2026-03-31T23:59:59.999Z'), ['v2', false]);
    assert.deepEqual(at('2027-01-01T00:00:00.000Z'), ['v1', true]);
    const [row] = activeRows(chain.state, 99, {
      prompt: null,
      env: 'production',
      at: '2026-03-02T00:00:00.000Z',
    });
    assert.deepEqual(
      [row?.authors, row?.approvers, row?.deployedBy].flat().map((p) => p?.name),
      ['Ana', 'Ravi', 'Rosa'],
    );
    assert.equal(row?.order, 'proven');
  });

  it('stay fast with many versions that were all sent back', () => {
    const chain = new EventChain().begin();
    for (let i = 1; i <= 60; i++) {
      const v = chain.propose(ana, `text ${i}`, i);
      chain.decide(ravi, v);
      chain.decide(rosa, v, 'changes-requested');
    }
    const version = [...chain.state.versions.values()].at(-1)!;
    const policy = policyInScope(chain.state, everything)!;
    const input = { state: chain.state, policy, version, scope: everything };
    assert.equal(approvalVerdict({ ...input, rule: policy.approvals }).approved, false);
    assert.equal(latestDecisions(input).length, 2);
  });
});
