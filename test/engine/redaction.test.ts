import assert from 'node:assert/strict';
import { copyFileSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Trail } from '../../src/trail/api.js';
import { Clinic } from '../tools/clones.js';
import { failure } from '../tools/failure.js';
import { tracesOf } from '../tools/traces.js';

const path = 'prompts/triage.prompt.md';
const secret = 'sk-live-Zq7Xw3Vb9Kp2Rt5Yj8Mn4';
const leaked = `Be brief.\nKey: ${secret}\n`;
// Long and regular enough to be stored deflated.
const large = `${'Answer with one of: emergency, today, routine.\n'.repeat(60)}${secret}\n`;

describe('redaction on disk', function () {
  this.timeout(240_000);
  let clinic: Clinic;
  beforeEach(() => (clinic = new Clinic()));
  afterEach(() => clinic.dispose());

  async function beginning(): Promise<void> {
    clinic.clone('ana');
    clinic.write('ana', path, 'one\n');
    await clinic.init('ana');
    clinic.commit('ana');
  }

  /** Ana's clone with a ledger, whose policy is on main; she may redact. */
  async function begin(): Promise<Trail> {
    await clinic.made(beginning);
    const trail = await clinic.open('ana');
    await trail.propose({ path, note: 'first' });
    return trail;
  }

  async function join2(name: string): Promise<Trail> {
    clinic.clone(name);
    return clinic.open(name);
  }

  /** Every file of a clone that the trail owns. */
  function ownFolders(clone: string): string[] {
    return [
      join(clinic.folder, clone, '.prompt-audit'),
      join(clinic.folder, clone, '.git', 'prompt-audit'),
    ];
  }

  const traces = (clone: string, words = secret, whole: string[] = []): string[] =>
    tracesOf(ownFolders(clone), words, whole);

  async function assertIntact(trail: Trail): Promise<void> {
    const { findings, intact } = await trail.verify();
    assert.ok(intact, JSON.stringify(findings));
    const wrong = findings.filter((f) => f.severity !== 'info');
    assert.deepEqual(wrong, []);
  }

  for (const [kind, text] of [
    ['small', leaked],
    ['deflated', large],
  ] as const) {
    it(`removes a ${kind} text from every file here and in the other clone`, async () => {
      const ana = await begin();
      clinic.write('ana', path, text);
      const version = await ana.propose({ path, note: 'oops' });
      await ana.fold();
      const ravi = await join2('ravi');
      await ravi.sync();
      assert.ok(traces('ana', secret, [text]).length > 0, 'the search finds what is there');
      assert.ok(traces('ravi', secret, [text]).length > 0);
      const report = await ana.redact({
        target: `${path}@v2`,
        reason: 'a key leaked',
        identity: 'git',
      });
      assert.deepEqual(
        report.items.map((item) => [item.part, item.what, item.path]),
        [['content', 'the text of v2', path]],
      );
      assert.equal(report.events.length, 1);
      assert.deepEqual(traces('ana', secret, [text]), []);
      await assertIntact(ana);
      const error = await failure(ana.content(version.digest), 'content.redacted');
      assert.match(
        error.message,
        /^The text was redacted by Ana on \d{4}-\d\d-\d\d because a key leaked\.$/,
      );

      await ravi.sync();
      assert.deepEqual(traces('ravi', secret, [text]), []);
      await assertIntact(ravi);
      await ravi.sync();
      await ana.sync();
      assert.deepEqual(traces('ana', secret, [text]), []);
      const [row] = (await ravi.log({ types: ['version.proposed'] })).slice(-1);
      assert.equal(row?.redactions?.[0]?.reason, 'a key leaked');
      assert.equal((await ravi.version(version.id)).redactions?.[0]?.by.name, 'Ana');

      const fresh = await join2('rosa');
      assert.deepEqual(traces('rosa', secret, [text]), []);
      await assertIntact(fresh);
      await assert.rejects(fresh.content(version.digest), { code: 'content.redacted' });
    });
  }

  it('removes texts and bodies from sealed volumes and caches, here and in other clones', async () => {
    const limits = { sealBytes: 36_000, snapshotEvery: 6 };
    const open = (name: string): Promise<Trail> => clinic.open(name, { autoSync: false, limits });
    await begin();
    const ana = await open('ana');
    clinic.write('ana', path, large);
    const { digest } = await ana.propose({ path, note: `see ${secret}` });
    for (let at = 0; at < 36; at++) {
      clinic.write('ana', path, `later ${at}\n`);
      await ana.record([path]);
    }
    await ana.sync();
    await join2('ravi');
    const ravi = await open('ravi');
    await ravi.sync();
    for (const name of ['ana', 'ravi'])
      assert.ok(
        traces(name, secret, [large]).some((file) => file.includes('volumes')),
        name,
      );
    const noted = (await ana.log({ text: secret })).find((row) => row.type === 'version.proposed');
    await ana.redact({ target: digest, reason: 'a key leaked', identity: 'git' });
    await ana.redact({ target: noted!.id, reason: 'the key in the note', identity: 'git' });
    assert.deepEqual(traces('ana', secret, [large]), []);
    await assertIntact(ana);
    await ana.sync();
    assert.ok(traces('ravi', secret, [large]).length > 0, 'ravi does not know yet');
    await ravi.sync();
    assert.deepEqual(traces('ravi', secret, [large]), []);
    await assertIntact(ravi);
    const [row] = (await ravi.log({ types: ['version.proposed'] })).slice(-1);
    assert.equal(row?.note, null);
    assert.equal(row?.redactions?.length, 2);
    // Everybody goes on, with a program that starts anew.
    clinic.write('ravi', path, 'and on\n');
    const again = await open('ravi');
    await again.record([path]);
    await again.sync();
    await ana.sync();
    for (const trail of [ana, again]) await assertIntact(trail);
    assert.deepEqual(traces('ana', secret, [large]), []);
    clinic.clone('fresh');
    const fresh = await open('fresh');
    assert.deepEqual(traces('fresh', secret, [large]), []);
    assert.deepEqual(await fresh.point(), await ana.point());
    await assertIntact(fresh);
  });

  it('forgets a person everywhere: caches, other worktrees, windows that are open, temporary files', async () => {
    const limits = { sealBytes: 34_000, snapshotEvery: 3 };
    const open = (name: string): Promise<Trail> => clinic.open(name, { autoSync: false, limits });
    await begin();
    await join2('ravi');
    const ravi = await open('ravi');
    await ravi.decide({ target: path, decision: 'approved', identity: 'git' });
    await ravi.sync();
    const ana = await open('ana');
    await ana.sync();
    clinic.git('ana', 'worktree', 'add', '--quiet', join(clinic.folder, 'tree'));
    const tree = await open('tree');
    await tree.sync();
    for (let at = 0; at < 40; at++) {
      clinic.write('ana', path, `later ${at}\n`);
      await ana.record([path]);
    }
    await ana.fold();
    const window = await open('ana');
    const address = 'ravi@clinic.example';
    const half = join(clinic.folder, 'ana/.git/prompt-audit/.clone.json.0123456789ab.tmp');
    writeFileSync(half, address);
    assert.ok(traces('ana', address).length > 1);
    await ana.redact({ target: { person: address }, reason: 'request 17', identity: 'git' });
    const own = [...ownFolders('ana'), join(clinic.folder, 'tree', '.prompt-audit')];
    const policy = (files: string[]): string[] => files.filter((f) => !f.includes('policy'));
    assert.deepEqual(policy(tracesOf(own, address)), []);
    await window.refresh();
    for (const trail of [ana, window, await open('ana'), await open('tree')]) {
      const names = (await trail.log()).map((row) => row.who.name);
      assert.ok(!names.includes('Ravi'), names.join());
    }
    clinic.write('ana', path, 'and on\n');
    await ana.record([path]);
    await ana.fold();
    await ana.sync();
    await ravi.sync();
    assert.deepEqual(policy(tracesOf(own, address)), []);
    assert.deepEqual(policy(traces('ravi', address)), []);
    for (const trail of [ana, ravi, await open('ana'), await open('ravi')])
      await assertIntact(trail);
  });

  it('finds and removes again what a backup brings back, and never sends it', async () => {
    const limits = { sealBytes: 34_000, snapshotEvery: 3 };
    const ana = await clinic.open(await begin().then(() => 'ana'), { autoSync: false, limits });
    clinic.write('ana', path, large);
    await ana.propose({ path, note: 'oops' });
    for (let at = 0; at < 40; at++) {
      clinic.write('ana', path, `later ${at}\n`);
      await ana.record([path]);
    }
    await ana.sync();
    const folder = join(clinic.folder, 'ana/.prompt-audit/volumes');
    const old = readdirSync(folder).map(
      (name) => [name, readFileSync(join(folder, name))] as const,
    );
    await ana.redact({ target: `${path}@v2`, reason: 'a key leaked', identity: 'git' });
    await ana.sync();
    assert.deepEqual(traces('ana', secret, [large]), []);
    for (const [name, bytes] of old) writeFileSync(join(folder, name), bytes);
    const again = await clinic.open('ana', { autoSync: false, limits });
    const { findings } = await again.verify();
    assert.ok(findings.some((f) => f.code === 'redaction.present'));
    clinic.write('ana', path, 'next\n');
    await again.record([path]);
    await again.sync();
    assert.deepEqual(traces('ana', secret, [large]), []);
    const sent = clinic
      .git('remote.git', 'ls-tree', '-r', '--name-only', 'prompt-audit')
      .split('\n');
    for (const name of sent.filter((one) => one.endsWith('.sqlite')))
      assert.ok(
        readFileSync(join(clinic.folder, 'ana/.prompt-audit', name)).length > 0 &&
          clinic.git('remote.git', 'rev-parse', `prompt-audit:${name}`) ===
            clinic.git('ana', 'hash-object', '--no-filters', `.prompt-audit/${name}`),
        name,
      );
    await assertIntact(again);
  });

  it('removes the details of a decision, and the verdicts stay', async () => {
    const ana = await begin();
    const ravi = await join2('ravi');
    await ravi.decide({
      target: path,
      decision: 'approved',
      reason: `patient ${secret}`,
      identity: 'git',
    });
    await ana.sync();
    const [decided] = await ana.log({ types: ['review.decided'] });
    await ana.redact({ target: decided!.id.slice(0, 9), reason: 'patient data', identity: 'git' });
    assert.deepEqual(traces('ana'), []);
    await ravi.sync();
    assert.deepEqual(traces('ravi'), []);
    for (const trail of [ana, ravi]) {
      await assertIntact(trail);
      const detail = await trail.detail(decided!.id);
      assert.equal(detail?.bodyText, null);
      assert.deepEqual(
        detail?.row.redactions?.map((r) => [r.part, r.by.name, r.reason]),
        [['body', 'Ana', 'patient data']],
      );
      const version = await trail.version(path);
      assert.equal(version.state, 'approved');
      assert.equal(version.decisions[0]?.redactions?.length, 1);
    }
  });

  it('removes a person by all their ids, and says where they are still named', async () => {
    const ana = await begin();
    const ravi = await join2('ravi');
    await ravi.decide({ target: path, decision: 'approved', identity: 'git' });
    clinic.git('ravi', 'config', 'user.name', 'Ravi Gonzaga');
    clinic.write('ravi', path, 'written by Ravi Gonzaga\n');
    await ravi.propose({ path, note: 'asked by ravi@clinic.example' });
    await ana.sync();
    const person = { person: 'RAVI@clinic.example' };
    const preview = await ana.redact({ target: person, identity: 'git', dryRun: true });
    assert.deepEqual(preview.reasons, []);
    assert.equal(preview.items.length, 2);
    assert.deepEqual(preview.events, []);
    assert.deepEqual(
      preview.mentions.map((m) => m.part).sort(),
      ['body', 'content'],
      'the note and the text of v2',
    );
    assert.ok(traces('ana', 'ravi@clinic.example').length > 0, 'a dry run removes nothing');
    const named = ana.redact({ target: person, reason: 'asked by Ravi Gonzaga', identity: 'git' });
    await failure(named, 'redaction.target');
    const report = await ana.redact({ target: person, reason: 'request 17', identity: 'git' });
    assert.equal(report.events.length, 2);
    assert.ok(report.stays.some((line) => line.includes("Git's own history")));
    for (const { event, part } of report.mentions)
      await ana.redact({ target: event, part, reason: 'request 17', identity: 'git' });
    for (const words of ['ravi@clinic.example', 'Ravi Gonzaga'])
      assert.deepEqual(traces('ana', words), [], words);
    const rows = await ana.log({ types: ['review.decided'] });
    assert.equal(rows[0]?.who.name, '(redacted person)');
    await assertIntact(ana);
    await failure(
      ana.redact({ target: person, reason: 'again', identity: 'git' }),
      'person.unknown',
    );
    await ravi.sync();
    assert.deepEqual(traces('ravi', 'ravi@clinic.example'), []);
  });

  it('is refused to whom the policy does not name, for what has to stay, and without a reason', async () => {
    await begin();
    const ravi = await join2('ravi');
    const error = await failure(
      ravi.redact({ target: `${path}@v1`, reason: 'why not', identity: 'git' }),
      'redaction.refused',
    );
    assert.deepEqual(error.reasons, ['redactor.role']);
    const rows = await ravi.log();
    assert.equal(
      rows.some((row) => row.type === 'redacted'),
      false,
    );
    const ana = await clinic.open('ana');
    const empty = ana.redact({ target: `${path}@v1`, reason: ' ', identity: 'git' });
    await failure(empty, 'reason.missing');
    const [registered] = await ana.log({ types: ['prompt.registered'] });
    const kept = await failure(
      ana.redact({ target: registered!.id, reason: 'x', identity: 'git' }),
      'redaction.refused',
    );
    assert.deepEqual(kept.reasons, ['target.kept']);
    for (const target of [path, `sha256:${'0'.repeat(64)}`, 'abcdef0123'])
      await failure(ana.redact({ target, reason: 'x', identity: 'git' }), 'redaction.target');
    const unnamed = ana.redact({ target: { person: 'Nobody' }, reason: 'x', identity: 'git' });
    await failure(unnamed, 'person.unknown');
    await ana
      .redact({ target: { person: 'Ana' }, dryRun: true, identity: 'git' })
      .then((report) => assert.deepEqual(report.reasons, ['target.evidence']));
  });

  it('does not let the bytes back in by a save, a proposal, or a clone that was away', async () => {
    const ana = await begin();
    clinic.write('ana', path, leaked);
    await ana.propose({ path, note: 'oops' });
    // Ravi has the text, and works on without a sync.
    const away = await join2('ravi');
    await away.close();
    const ravi = await clinic.open('ravi', { autoSync: false });
    clinic.write('ravi', 'prompts/other.prompt.md', leaked);
    await ravi.propose({ path: 'prompts/other.prompt.md', note: 'the same words elsewhere' });
    await ana.redact({ target: `${path}@v2`, reason: 'a key leaked', identity: 'git' });

    const warnings: string[] = [];
    const again = await clinic.open('ana', { warn: (m) => void warnings.push(m) });
    clinic.write('ana', path, 'two\n');
    await again.record([path]);
    clinic.write('ana', path, leaked);
    const [result] = await again.record([path]);
    assert.equal(result?.outcome, 'recorded', 'that the bytes are in use again is recorded');
    assert.ok(warnings.some((m) => /redacted by Ana on .* because a key leaked/.test(m)));
    await failure(again.propose({ path, note: 'again' }), 'content.redacted');
    await again.fold();
    assert.deepEqual(traces('ana'), []);

    await ravi.sync();
    assert.deepEqual(traces('ravi'), [], 'the clone that was away');
    await assertIntact(ravi);
    await again.sync();
    assert.deepEqual(traces('ana'), []);
    await assertIntact(again);
    await failure(
      ravi.content((await ravi.version('prompts/other.prompt.md')).digest),
      'content.redacted',
    );
  });

  it('removes drafts and set-aside copies, and finishes what was interrupted', async () => {
    await (await begin()).close();
    // Without a sync the journal keeps all.
    const ana = await clinic.open('ana', { autoSync: false });
    clinic.write('ana', path, leaked);
    await ana.record([path]);
    const [own, hidden] = ownFolders('ana');
    await ana.propose({ path, note: 'oops' });
    await ana.fold();
    copyFileSync(join(own!, 'ledger.sqlite'), join(own!, 'ledger.damaged-20260101T000000Z.sqlite'));
    const journal = readFileSync(join(hidden!, 'journal.jsonl'));
    const aside = (n: number): string => join(hidden!, `journal.damaged-2026010${n}T000000Z.jsonl`);
    const torn = journal.subarray(0, journal.length - 7);
    writeFileSync(aside(1), torn);
    assert.ok(readdirSync(join(hidden!, 'drafts')).length > 0);
    await ana.redact({ target: `${path}@v2`, reason: 'a key leaked', identity: 'git' });
    assert.deepEqual(traces('ana'), []);
    writeFileSync(aside(2), torn);
    assert.deepEqual(traces('ana'), [relative(hidden!, aside(2))]);
    const report = await ana.redact({ target: `${path}@v2`, reason: 'again', identity: 'git' });
    assert.deepEqual(report.events, []);
    assert.equal(report.items[0]?.before?.reason, 'a key leaked');
    assert.deepEqual(traces('ana'), []);
    const size = readFileSync(join(own!, 'ledger.sqlite')).length;
    assert.ok(size > 0);
    await assertIntact(ana);
  });

  it('tells what stays, an active version first', async () => {
    const ana = await begin();
    const ravi = await join2('ravi');
    await ravi.decide({ target: path, decision: 'approved', identity: 'git' });
    await ravi.deploy({ target: path, env: 'production', identity: 'git' });
    const target = `${path}@v1`;
    const input = { target, reason: 'a key leaked', identity: 'git', dryRun: true } as const;
    await ana.sync();
    const { stays } = await ana.redact(input);
    assert.match(stays[0] ?? '', /v1 is active in production/);
    for (const part of ['has these bytes now', 'purge-history', 'Every other clone', 'Backups'])
      assert.ok(
        stays.some((line) => line.includes(part)),
        part,
      );
    await ana.redact({ ...input, dryRun: false });
    const [active] = await ana.active(path, 'production');
    assert.equal(active?.redactions?.[0]?.reason, 'a key leaked');
    assert.equal(active?.order, 'proven');
    await assertIntact(ana);
  });
});
