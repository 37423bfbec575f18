import assert from 'node:assert/strict';
import { annotation, markdown, stepSummary, withoutCommands } from '../../src/cli/gateGithub.js';
import { codeQuality } from '../../src/cli/gateGitlab.js';
import { gateText, widestLine } from '../../src/cli/gateText.js';
import { painter } from '../../src/cli/style.js';
import { widthOf } from '../../src/cli/width.js';
import { judgeActive, judgeFile, type GateRules } from '../../src/core/gate.js';
import { gateReasonText, gateReasonTexts } from '../../src/core/gateReasons.js';
import {
  gateOrder,
  gateStatus,
  gateVerdict,
  plainGateRow,
  type GateRow,
} from '../../src/core/gateRows.js';
import { digestOf } from '../../src/core/hash.js';
import type { EventId } from '../../src/core/ids.js';
import { policyInScope } from '../../src/core/policyInScope.js';
import { everything } from '../../src/core/state.js';
import type { GateReport } from '../../src/trail/gateApi.js';
import { ana, EventChain, fakeId, ravi, rosa, triage } from '../tools/eventChain.js';

const path = 'triage.prompt.md';
const later = '2026-06-01T00:00:00.000Z';

function rulesOf(chain: EventChain, more: Partial<GateRules> = {}): GateRules {
  const policy = policyInScope(chain.state, everything)!;
  return { state: chain.state, policy, env: null, general: true, at: later, ...more };
}

function judged(chain: EventChain, text: string, more: Partial<GateRules> = {}): GateRow {
  const file = {
    path,
    from: null,
    change: 'changed',
    digest: digestOf(text),
    problem: null,
  } as const;
  return judgeFile(rulesOf(chain, more), file, chain.state.promptAt(path));
}

const codes = (row: GateRow): string[] => row.reasons.map(({ code }) => code);

describe('the gate, on a text', () => {
  it('allows an approved version, and says by whose approval', () => {
    const chain = new EventChain().begin();
    const v1 = chain.propose(ana, 'one');
    chain.decide(ravi, v1, 'approved');
    const row = judged(chain, 'one');
    assert.equal(row.verdict, 'allow');
    assert.equal(row.version, 'v1');
    assert.equal(row.versionEvent, v1.id);
    assert.equal(row.order, 'before');
    assert.deepEqual(
      row.approvers.map(({ name }) => name),
      ['Ravi'],
    );
    assert.deepEqual(row.reasons, []);
  });

  it('denies what nobody approved, with what the ledger knows of it', () => {
    const chain = new EventChain().begin();
    const saved = chain.revise(ana, 'draft');
    chain.propose(ana, 'one');
    assert.deepEqual(codes(judged(chain, 'one')), ['approval.missing']);
    assert.deepEqual(judged(chain, 'draft').reasons, [
      { code: 'bytes.unproposed', events: [saved.id] },
    ]);
    assert.deepEqual(codes(judged(chain, 'other')), ['bytes.unknown']);
    const unknown = judgeFile(
      rulesOf(chain),
      { path: 'x.prompt.md', from: null, change: 'added', digest: digestOf('one'), problem: null },
      undefined,
    );
    assert.deepEqual(codes(unknown), ['prompt.unregistered', 'bytes.elsewhere']);
    for (const text of ['one', 'draft', 'other']) assert.equal(judged(chain, text).verdict, 'deny');
  });

  it('does not take the approval of another prompt with the same text', () => {
    const chain = new EventChain().begin();
    const other = fakeId(0x72);
    const places = { path: 'other.prompt.md', format: 'vscode-prompt' };
    chain.add('prompt.registered', ana, {}, places, { prompt: other });
    const v1 = chain.propose(ana, 'one', 1, other);
    chain.decide(ravi, v1, 'approved');
    const row = judged(chain, 'one');
    assert.equal(row.verdict, 'deny');
    assert.deepEqual(row.reasons, [
      { code: 'bytes.unknown', events: [] },
      { code: 'bytes.elsewhere', events: [v1.id] },
    ]);
  });

  it('allows old bytes by the version that was approved, unless they were turned down since', () => {
    const chain = new EventChain().begin();
    const v1 = chain.propose(ana, 'one');
    chain.decide(ravi, v1, 'approved');
    const v2 = chain.propose(ana, 'two', 2);
    chain.decide(ravi, v2, 'approved');
    assert.equal(judged(chain, 'one').version, 'v1');
    assert.equal(judged(chain, 'one').verdict, 'allow');
    // Proposed anew and not decided yet: the old approval stands.
    const v3 = chain.propose(rosa, 'one', 3);
    assert.equal(judged(chain, 'one').version, 'v1');
    const no = chain.decide(ravi, v3, 'rejected');
    const row = judged(chain, 'one');
    assert.equal(row.version, 'v3');
    assert.equal(row.verdict, 'deny');
    assert.deepEqual(row.reasons[0], { code: 'version.rejected', events: [no.id] });
  });

  it('denies a version that was withdrawn', () => {
    const chain = new EventChain().begin();
    const v1 = chain.propose(ana, 'one');
    chain.decide(ravi, v1, 'approved');
    chain.add(
      'version.withdrawn',
      ana,
      { version: v1.id },
      { reason: 'wrong' },
      { prompt: triage },
    );
    assert.deepEqual(codes(judged(chain, 'one')), ['version.withdrawn']);
  });

  it('counts the rules of an environment besides the general ones', () => {
    const policy =
      '{"version":1,"environments":{"staging":{"approvals":{"required":0}},"production":{"approvals":{"required":2}}}}';
    const chain = new EventChain().begin(policy);
    const v1 = chain.propose(ana, 'one');
    assert.equal(judged(chain, 'one', { env: 'staging', general: false }).verdict, 'allow');
    assert.equal(judged(chain, 'one', { env: 'staging' }).verdict, 'deny');
    chain.decide(ravi, v1, 'approved');
    assert.equal(judged(chain, 'one').verdict, 'allow');
    assert.deepEqual(codes(judged(chain, 'one', { env: 'production' })), ['approval.missing']);
    chain.decide(rosa, v1, 'approved');
    assert.equal(judged(chain, 'one', { env: 'production' }).approvers.length, 2);
  });

  it('asks nobody in particular to deploy', () => {
    const policy =
      '{"version":1,"roles":{"release":["rosa@clinic.example"]},"environments":{"production":{"deployers":["release"]}}}';
    const chain = new EventChain().begin(policy);
    chain.decide(ravi, chain.propose(ana, 'one'), 'approved');
    assert.equal(judged(chain, 'one', { env: 'production', general: false }).verdict, 'allow');
  });

  it('holds an approval to its time, but not what is active since before', () => {
    const policy =
      '{"version":1,"environments":{"staging":{},"production":{"approvals":{"required":1,"expires":"30d"}}}}';
    const chain = new EventChain().begin(policy);
    const v1 = chain.propose(ana, 'one');
    chain.decide(ravi, v1, 'approved');
    const production = { env: 'production', general: false } as const;
    const row = judged(chain, 'one', production);
    assert.equal(row.verdict, 'deny');
    assert.ok(codes(row).includes('approval.expired'), codes(row).join());
    assert.equal(
      judged(chain, 'one', { ...production, at: '2026-01-20T00:00:00Z' }).verdict,
      'allow',
    );
    chain.deploy(rosa, v1, 'production');
    assert.equal(judged(chain, 'one', production).verdict, 'allow');
  });

  it('says that nobody can tell, where a redaction took away what decides', () => {
    for (const code of ['decision.redacted', 'person.redacted', 'file.unreadable'] as const) {
      assert.equal(gateVerdict([{ code, events: [] }]), 'unknown');
      assert.equal(
        gateVerdict([
          { code: 'approval.missing', events: [] },
          { code, events: [] },
        ]),
        'unknown',
      );
      // What is certain stays so.
      assert.equal(
        gateVerdict([
          { code: 'version.rejected', events: [] },
          { code, events: [] },
        ]),
        'deny',
      );
    }
    assert.equal(gateVerdict([{ code: 'approval.missing', events: [] }]), 'deny');
    assert.equal(gateVerdict([]), 'allow');
  });
});

describe('the gate, on what is active', () => {
  const production = { env: 'production', general: false } as const;
  const rows = (chain: EventChain): readonly GateRow[] =>
    judgeActive(rulesOf(chain, production), chain.state.prompts.values());

  it('looks at the approvals of now, and at the order of then', () => {
    const chain = new EventChain().begin();
    const v1 = chain.propose(ana, 'one');
    chain.decide(ravi, v1, 'approved');
    chain.deploy(rosa, v1, 'production');
    const [row] = rows(chain);
    assert.equal(row?.verdict, 'allow');
    assert.equal(row?.order, 'before');
    chain.decide(ravi, v1, 'rejected');
    assert.equal(rows(chain)[0]?.verdict, 'deny');
    assert.ok(codes(rows(chain)[0]!).includes('version.rejected'));
  });

  it('tells an approval that came after the deployment', () => {
    const chain = new EventChain().begin();
    const v1 = chain.propose(ana, 'one');
    chain.deploy(rosa, v1, 'production');
    assert.equal(rows(chain)[0]?.verdict, 'deny');
    assert.equal(rows(chain)[0]?.order, null);
    chain.decide(ravi, v1, 'approved');
    assert.equal(rows(chain)[0]?.verdict, 'allow');
    assert.equal(rows(chain)[0]?.order, 'after');
  });

  it('looks at no other environment', () => {
    const chain = new EventChain().begin();
    chain.deploy(rosa, chain.propose(ana, 'one'), 'staging');
    assert.deepEqual(rows(chain), []);
  });
});

describe('the rows of the gate', () => {
  const row = (more: Partial<GateRow>): GateRow => ({
    ...plainGateRow({ path: 'a', change: 'changed', verdict: 'allow', code: 'file.deleted' }),
    ...more,
  });

  it('put first what stops somebody', () => {
    const all = [
      row({ path: 'b' }),
      row({ path: 'z', verdict: 'deny' }),
      row({ path: 'a' }),
      row({ path: 'c', verdict: 'unknown' }),
      row({ path: 'y', verdict: 'deny' }),
    ];
    assert.deepEqual(
      gateOrder(all).map(({ path }) => path),
      ['y', 'z', 'c', 'a', 'b'],
    );
  });

  it('end in 0, 1 where something is denied, 2 where something cannot be told', () => {
    assert.equal(gateStatus([]), 0);
    assert.equal(gateStatus([row({})]), 0);
    assert.equal(gateStatus([row({}), row({ verdict: 'unknown' })]), 2);
    assert.equal(gateStatus([row({ verdict: 'unknown' }), row({ verdict: 'deny' })]), 1);
  });

  it('have words for every code', () => {
    for (const code of Object.keys(gateReasonTexts)) assert.notEqual(gateReasonText(code), code);
    assert.equal(gateReasonText('approval.missing').startsWith('it does not have enough'), true);
    assert.equal(gateReasonText('from.theFuture'), 'from.theFuture');
  });

  const person = { id: ana, name: `Ana ${'x'.repeat(90)}`, email: null };
  const report = (rows: readonly GateRow[]): GateReport => ({
    ledger: { id: fakeId(1), size: 100_000, root: 'ab'.repeat(32) },
    remote: 'origin',
    fetched: true,
    policy: { digest: digestOf('p'), branch: 'main', commit: 'c'.repeat(40), adopted: true },
    head: 'd'.repeat(40),
    range: { base: 'e'.repeat(40), from: ['e'.repeat(40)] },
    rows,
    totals: { files: rows.length, prompts: rows.length, leftOut: 0, active: 0 },
    caveats: [],
  });
  const hostile =
    'prompts/a\n::error::own,title=x:%0A`<img src=x>|**@team**[x](http://x)\r\u202e.prompt.md';
  const denied = row({
    path: hostile,
    verdict: 'deny',
    digest: digestOf('x'),
    version: 'v1000',
    order: 'unknown',
    approvers: [person, person],
    reasons: [{ code: 'approval.missing', events: ['f'.repeat(64) as EventId] }],
  });

  it('fit a log of 110 columns', () => {
    const long = row({
      path: `prompts/${'very/'.repeat(60)}long.prompt.md`,
      from: 'prompts/漢字.md',
    });
    const text = gateText(
      report([denied, { ...denied, ...long, approvers: denied.approvers }]),
      painter(false),
    );
    for (const line of text.split('\n').filter((one) => !one.startsWith(' '.repeat(9))))
      assert.ok(widthOf(line) <= widestLine || /^(Rules|Checkpoint|2 prompts)/.test(line), line);
    assert.match(text, /…\S+long\.prompt\.md$/m);
    assert.doesNotMatch(text, /^::/m);
  });

  it('are annotations that no text can leave', () => {
    const line = annotation('error', { file: hostile, line: 1, title: 'a:b,c%' }, hostile);
    assert.equal(line.split('\n').length, 2);
    const [, properties = '', message = ''] = /^::error (.*?)::(.*)\n$/.exec(line) ?? [];
    assert.equal(properties.split(',').length, 3);
    assert.match(properties, /^file=[^,:\r\n]*,line=1,title=a%3Ab%2Cc%25$/);
    assert.doesNotMatch(message, /[\r\n]/);
    assert.ok(message.includes('%250A'), 'what looks escaped already is text');
  });

  it('are printed so that no line of them is a command of GitHub', () => {
    const text = withoutCommands('::error::x\n', 'token');
    assert.equal(text, '::stop-commands::token\n::error::x\n::token::\n');
  });

  it('are text in the page of a run', () => {
    const page = stepSummary(report([denied]), ['a <b> caveat']);
    const line = page.split('\n').find((one) => one.startsWith('| deny'))!;
    assert.equal(line.replaceAll('\\|', '').split('|').length, 9);
    assert.doesNotMatch(page, /<|@|[^\\]\*|[^\\]\[x|http:\/\/|\r|\u202e/);
    assert.match(page, /not passed/);
    assert.match(stepSummary(report([]), []), /gate: passed/);
    assert.equal(markdown('a_b'), 'a\\_b');
  });

  it('are cut where a page would be too long', () => {
    const page = stepSummary(report(Array.from({ length: 2_000 }, () => denied)), []);
    assert.ok(page.length < 1_000_000);
    assert.match(page, /1500 more rows/);
  });

  it('are a report of GitLab, without what passes', () => {
    const found = codeQuality(report([denied, row({})])) as Record<string, unknown>[];
    assert.equal(found.length, 1);
    assert.deepEqual(Object.keys(found[0]!), [
      'description',
      'check_name',
      'fingerprint',
      'severity',
      'location',
    ]);
    assert.equal(found[0]!['severity'], 'blocker');
    assert.match(String(found[0]!['fingerprint']), /^[0-9a-f]{64}$/);
    assert.deepEqual(found[0]!['location'], { path: hostile, lines: { begin: 1 } });
    const [again] = codeQuality(report([denied])) as Record<string, unknown>[];
    assert.equal(again!['fingerprint'], found[0]!['fingerprint']);
  });
});
