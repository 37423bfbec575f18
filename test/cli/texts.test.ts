import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { IdentifiedRow } from '../../src/trail/identifyApi.js';
import type { Compared } from '../../src/trail/compareApi.js';
import type { Digest } from '../../src/core/ids.js';
import type { ActiveRow, VersionRow } from '../../src/core/rows.js';
import type { Trail } from '../../src/trail/api.js';
import { run } from '../../src/cli/run.js';
import { fakeEngine, fakeVersion } from './support/fakeTrail.js';
import { fakeTerminal } from './support/fakeTerminal.js';
import { envelopeOf, runInside, type Ended, type Envelope } from './support/program.js';
import { World, author, manager, reviewer, type Clone } from './support/world.js';

const path = 'prompts/refunds.prompt.md';
const v1 = '---\nmodel: gpt-4o\n---\nYou answer refund mails.\nThe refund limit is 50 euros.\n';
const v2 = v1.replace('50 euros', '75 euros').replace('gpt-4o', 'gpt-5');
const v3 = v2.replace('75 euros', '80 euros').replace('mails.', 'mails.\nBe kind.');
const draft = 'A draft that nobody proposed, with words of its own.\n';
const digestOf = (text: string): string =>
  `sha256:${createHash('sha256').update(text).digest('hex')}`;

const other = digestOf('other') as Digest;
const activeOf = (digest: Digest): Partial<ActiveRow> => ({
  ...{ path, env: 'production', version: 'v1', digest, from: '2026-01-01T00:00:00.000Z', to: null },
  ...{ authors: [], approvers: [], deployedBy: fakeVersion().proposedBy, order: 'proven' },
  ...{ rollback: false, breakGlass: false },
});

describe('show, diff, identify and blame', function () {
  this.timeout(120_000);
  let world: World;
  let ada: Clone;
  let ravi: Clone;
  /** When v1 and v2 were both active in production, one after the other. */
  const during: string[] = [];
  before(async () => {
    world = new World('texts');
    ada = world.repository('ada', author);
    ravi = ada.as(reviewer);
    ada.write(path, v1);
    ada.write(
      'prompts/other.prompt.md',
      'Something else altogether, about the weather of Tuesday.\n',
    );
    await ada.ok('init', '--yes');
    for (const [text, note] of [
      [v1, 'the first'],
      [v2, 'a higher limit'],
    ] as const) {
      ada.write(path, text);
      await ada.ok('propose', path, '-m', note);
      await ravi.ok('approve', path, '--yes');
      await ada.as(manager).ok('deploy', path, '--env', 'production', '-m', 'go');
      during.push(new Date(Date.now()).toISOString());
    }
    ada.write(path, v3);
    await ada.ok('propose', path, '-m', 'kinder');
    ada.write('prompts/other.prompt.md', draft);
    await ada.ok('record');
  });
  after(() => world.remove());

  const status = async (wanted: number, ...args: string[]): Promise<Ended> => {
    const ended = await ada.run(...args);
    assert.equal(ended.status, wanted, `${args.join(' ')}: ${ended.out}${ended.err}`);
    return ended;
  };
  const rowsOf = <Row>(ended: Ended): Envelope<Row> => envelopeOf<Row>(ended);

  describe('show --env', () => {
    it('prints the exact bytes that were active then, and who stands behind them', async () => {
      const at = ['--env', 'production', '--at'];
      assert.equal((await status(0, 'show', path, ...at, during[0]!, '--raw')).out, v1);
      assert.equal((await status(0, 'show', path, ...at, during[1]!, '--raw')).out, v2);
      assert.equal((await status(0, 'show', path, '--env', 'production', '--raw')).out, v2);
      const { rows, caveats } = await ada.json<
        VersionRow & { content: { text: string }; active: { env: string; to: string | null } }
      >('show', path, ...at, during[0]!);
      assert.deepEqual(
        rows.map(({ label, digest, content, active }) => [label, digest, content.text, active.env]),
        [['v1', digestOf(v1), v1, 'production']],
      );
      assert.ok(rows[0]!.active.to !== null);
      assert.ok(caveats.some((one) => one.includes("writers' own clocks")));
      assert.match(
        await ada.ok('show', path, '--env', 'production'),
        /^ENVIRONMENT.*\nproduction .*v2 .*Mira Manager[^]*Version +v2\n[^]*75 euros\.\n/,
      );
    });

    it('shows all that clocks let be active at a time, but prints the bytes of one only', async () => {
      const versions = [fakeVersion({ label: 'v1' }), fakeVersion({ label: 'v2', digest: other })];
      const active = versions.map(({ digest }, at) => ({ ...activeOf(digest), deployment: at }));
      const overrides = {
        active: async () => active,
        rows: async () => [],
        detail: async (at: number) => ({ version: versions[at] }),
        content: async () => Buffer.from('text'),
      } as unknown as Partial<Trail>;
      const show = ['show', path, '--env', 'production', '--at', '2026-01-01'];
      const terminal = fakeTerminal();
      assert.equal(await run(show, terminal, fakeEngine(overrides).engine), 0);
      assert.match(terminal.printed(), /Version +v1\n[^]*Version +v2\n[^]*more than one version/);
      const raw = fakeTerminal();
      assert.equal(await run([...show, '--raw'], raw, fakeEngine(overrides).engine), 1);
      assert.match(raw.complained(), /v1 and v2 were active at that time/);
      const same = { ...overrides, detail: async () => ({ version: versions[0] }) };
      assert.equal(
        await run([...show, '--raw'], fakeTerminal(), fakeEngine(same as never).engine),
        0,
      );
    });

    it('says where nothing was active', async () => {
      const early = ['--env', 'production', '--at', '2020-01-01', '--raw'];
      assert.match((await status(1, 'show', path, ...early)).err, /Nothing of .* was active at/);
      assert.match((await status(1, 'show', path, '--env', 'staging')).err, /is active in staging/);
      assert.match((await status(1, 'show', path, '--env', 'prod')).err, /no environment "prod"/);
      assert.match((await status(3, 'show', path, '--at', '2020-01-01')).err, /--at needs --env/);
    });
  });

  describe('diff', () => {
    it('marks words, says which parts differ, and what led from one to the other', async () => {
      const said = await ada.ok('diff', `${path}@v1`, `${path}@v3`);
      assert.match(said, /^From {2}prompts\/refunds.prompt.md v1 \(/);
      assert.match(said, /\nParts text changed, model changed, tools same, permissions same\n/);
      for (const line of [
        '- model: gpt-[-4o-]',
        '+ model: gpt-{+5+}',
        '- The refund limit is [-50-] euros.',
        '+ The refund limit is {+80+} euros.',
        '  You answer refund mails.',
      ])
        assert.ok(said.includes(`\n${line}\n`), said);
      assert.match(said, /\nOn the way\n.*\nv2 .*Ada Author.*Ravi Reviewer.*a higher limit\nv3 /);
      const { rows, counts } = await ada.json<Compared>('diff', `${path}@v1`, `${path}@v3`);
      assert.deepEqual(counts, { rows: 1, removed: 2, added: 3, between: 2 });
      assert.deepEqual(
        rows[0]!.between.map(({ version }) => [version.label, version.note]),
        [
          ['v2', 'a higher limit'],
          ['v3', 'kinder'],
        ],
      );
      // One version: against the one before it.
      const last = await ada.ok('diff', path);
      assert.match(last, /v2 .*\nTo .* v3 /);
      assert.match(last, /\n\+ \{?\+?Be kind/);
    });

    it('compares what was active at two times', async () => {
      const [from, to] = during as [string, string];
      const said = await ada.ok('diff', path, '--env', 'production', '--from', from, '--to', to);
      assert.match(said, /^From .* v1 .*, active since .*, deployed by Mira Manager\nTo .* v2 /);
      assert.match(said, /\nOn the way\nVERSION .*\nv2 .*a higher limit\n/);
      const fromNothing = await ada.ok('diff', path, '--env', 'production', '--from', '2020-01-01');
      assert.match(fromNothing, /^From {2}nothing was active\n[^]*\n@@ line 1 @@\n\+ ---\n/);
      const nothing = [path, '--env', 'production', '--from', '2020-01-01', '--to', '2020-02-01'];
      assert.match(
        await ada.ok('diff', ...nothing),
        /^Nothing was active at either time\.\nNote: /,
      );
      const [neither] = (await ada.json<Compared>('diff', ...nothing)).rows;
      assert.deepEqual([neither!.diff, neither!.parts.text], [null, null]);
      const since = await ada.json<Compared>(
        'diff',
        path,
        '--env',
        'production',
        '--from',
        '2020-01-01',
      );
      const [compared] = since.rows;
      assert.equal(compared!.before, null);
      assert.equal(compared!.after!.version.label, 'v2');
      assert.deepEqual([compared!.diff!.removed, compared!.diff!.unseen], [0, []]);
      assert.deepEqual(
        compared!.between.map(({ version, active }) => [version.label, active.length]),
        [
          ['v1', 1],
          ['v2', 1],
        ],
      );
    });

    it('says what it needs', async () => {
      for (const [wanted, words, ...args] of [
        [3, /first version/, `${path}@v1`],
        [3, /need --env/, path, '--from', '2020-01-01'],
        [3, /needs --from/, path, '--env', 'production'],
        [3, /takes one PATH/, path, path, '--env', 'production', '--from', '2020-01-01'],
        [
          3,
          /--from is later/,
          path,
          '--env',
          'production',
          '--from',
          '2020-02-01',
          '--to',
          '2020-01-01',
        ],
        [1, /no environment "prod"/, path, '--env', 'prod', '--from', '2020-01-01'],
        [1, /no such version/, `${path}@v9`],
      ] as const)
        assert.match((await status(wanted, 'diff', ...args)).err, words);
      const equal = await ada.ok('diff', `${path}@v1`, `${path}@v1`);
      assert.match(equal, /Parts text same.*\n\nThe texts are the same\.\n$/);
    });
  });

  describe('identify', () => {
    const identified = async (
      wanted: number,
      ...args: string[]
    ): Promise<Envelope<IdentifiedRow>> =>
      rowsOf(await status(wanted, 'identify', ...args, '--json'));
    const labels = ({ rows }: Envelope<IdentifiedRow>): unknown[] =>
      rows.map(({ match, path: where, version }) => [match, where, version]);

    it('knows the bytes of a version, from wherever they come', async () => {
      ada.write('copy.txt', v1);
      const exact = [['exact', path, 'v1']];
      assert.deepEqual(labels(await identified(0, v1)), exact);
      assert.deepEqual(labels(await identified(0, '--file', 'copy.txt')), exact);
      assert.deepEqual(labels(await identified(0, '--digest', digestOf(v1))), exact);
      assert.deepEqual(labels(await identified(0, digestOf(v1))), exact);
      assert.deepEqual(labels(await identified(0, '--digest', digestOf(v1).slice(7, 17))), exact);
      const piped = await runInside(
        ada.folder,
        ['identify', '-', '--json'],
        ada.env,
        Buffer.from(v1),
      );
      assert.deepEqual(labels(rowsOf(piped)), exact);
      const [row] = (await identified(0, v1)).rows;
      assert.deepEqual(
        row!.active.map(({ env, version, to }) => [env, version, to === null]),
        [['production', 'v1', false]],
      );
      assert.equal(row!.note, 'the first');
      const said = await ada.ok('identify', v2);
      assert.match(said, /^prompts\/refunds\.prompt\.md v2 \([0-9a-f]{7}\): exactly these bytes\n/);
      assert.match(said, /Active in production from .* and is active there now, deployed by Mira/);
    });

    it('knows a draft, which was never active', async () => {
      const said = await ada.ok('identify', draft);
      assert.match(said, /^prompts\/other.prompt.md draft .*never proposed as a version\n/);
      assert.match(said, /Never active anywhere\n/);
    });

    it('says where only line ends, the byte order mark or the last newline differ', async () => {
      const dos = `\ufeff${v1.replaceAll('\n', '\r\n').trimEnd()}`;
      const { rows } = await identified(0, dos);
      assert.deepEqual(
        rows.map(({ match, version, unseen }) => [match, version, unseen]),
        [['same-text', 'v1', ['byte-order-mark', 'line-ends', 'final-newline']]],
      );
      assert.match(
        await ada.ok('identify', v1.trimEnd()),
        /: the same text, but for the newline at the end\n/,
      );
      // Mixed ends are no spelling that could be tried by digest.
      const mixed = v1.replace('\n', '\r\n');
      assert.deepEqual(labels(await identified(0, mixed)), [['same-text', path, 'v1']]);
    });

    it('finds the versions in which words stand, and those that stand in a text', async () => {
      const part = await identified(1, 'refund  limit\nis 75');
      assert.deepEqual(
        part.rows.map(({ match, version, lines }) => [match, version, lines]),
        [['part', 'v2', { line: 5, endLine: 5 }]],
      );
      const whole = await identified(1, `System:\n${v3}\nUser: hello`);
      assert.deepEqual(labels(whole)[0], ['whole', path, 'v3']);
      const several = await status(1, 'identify', 'You answer refund mails.', '--near', '1');
      // The one that is active comes first.
      assert.match(several.out, /^prompts\/refunds.prompt.md v2 .*: it stands in line 4\n/);
      assert.match(several.out, /Note: 2 other texts of versions fit, too/);
    });

    it('shows what is alike with what differs, and says that it is not the same', async () => {
      const asked = v2.replace('75', '99');
      const { rows } = await identified(1, asked);
      assert.deepEqual([rows[0]!.match, rows[0]!.version], ['near', 'v2']);
      assert.ok(rows[0]!.similarity > 0.9 && rows[0]!.similarity < 1);
      const said = (await status(1, 'identify', asked, '--near', '1')).out;
      assert.match(said, /: not the same: 9\d % of the words are\n/);
      assert.match(said, /\n- The refund limit is \[-75-\] euros\.\n\+ .*\{\+99\+\} euros\.\n/);
      const none = await status(1, 'identify', 'Nothing of this stands anywhere.');
      assert.match(none.out, /^No text \([0-9a-f]{7}\) of this ledger is this one, nor like it/);
      assert.deepEqual((await identified(1, asked, '--near', '0')).rows, []);
    });

    it('takes any bytes, and says what it needs', async () => {
      ada.write('bytes.bin', Buffer.from([0xff, 0xfe, 0, 1]));
      assert.deepEqual((await identified(1, '--file', 'bytes.bin')).rows, []);
      ada.write('large.txt', Buffer.alloc(4 * 1024 * 1024 + 1, 0x61));
      ada.write('empty.txt', '');
      for (const [wanted, words, ...args] of [
        [3, /needs one of/],
        [3, /needs one of/, 'a', '--digest', digestOf(v1)],
        [3, /no number from 0 to 20/, 'a', '--near', '21'],
        [3, /is empty/, ''],
        [3, /cannot be read/, '--file', 'none.txt'],
        [1, /more than 4 MB/, '--file', 'large.txt'],
        [3, /is no digest/, '--digest', 'xyz'],
        [3, /is no digest/, '--digest', 'abcdef'],
      ] as const)
        assert.match((await status(wanted, 'identify', ...args)).err, words);
      const empty = await status(1, 'identify', '--file', 'empty.txt');
      assert.match(empty.out, /^No text \(e3b0c44\) of this ledger/);
      const digits = await status(1, 'identify', digestOf('unknown').slice(7));
      assert.match(
        digits.out,
        /were looked for as words\. To look for a digest: --digest [0-9a-f]{64}/,
      );
      const named = await status(1, 'identify', 'copy.txt');
      assert.match(named.out, /To look for the text of the file: --file copy\.txt/);
      const unknown = await status(1, 'identify', '--digest', digestOf('unknown'));
      assert.match(unknown.out, /has this digest\.\n/);
    });
  });

  describe('blame', () => {
    it('leads from each line to the version, its author, its approver and its first deployment', async () => {
      const { rows } = await ada.json<{
        line: number;
        text: string;
        version: string;
        authors: { name: string }[];
        approvedBy: { name: string }[];
        firstActive: { version: string } | null;
      }>('blame', path, '--env', 'production');
      assert.deepEqual(
        rows.map(({ line, version, authors, approvedBy, firstActive }) => [
          line,
          version,
          authors.map(({ name }) => name).join(),
          approvedBy.map(({ name }) => name).join(),
          firstActive?.version ?? null,
        ]),
        [
          [1, 'v1', 'Ada Author', 'Ravi Reviewer', 'v1'],
          [2, 'v2', 'Ada Author', 'Ravi Reviewer', 'v2'],
          [3, 'v1', 'Ada Author', 'Ravi Reviewer', 'v1'],
          [4, 'v1', 'Ada Author', 'Ravi Reviewer', 'v1'],
          [5, 'v3', 'Ada Author', '', null],
          [6, 'v3', 'Ada Author', '', null],
        ],
      );
      const said = await ada.ok('blame', `${path}@v1`);
      assert.match(said, /^LINE +VERSION +AUTHORS +APPROVED BY +TEXT\n1 +v1 +Ada Author +Ravi/);
    });

    it('tells how words came and went', async () => {
      const said = await ada.ok('blame', path, '--grep', 'REFUND limit', '--env', 'production');
      assert.match(
        said,
        /^The words came with v1, proposed .*, written by Ada Author, approved by Ravi Reviewer, first in production .*: "the first"\nLINE/,
      );
      assert.match(said, /\n6 +v3 .*The refund limit is 80 euros\.\n/);
      const gone = await ada.run('blame', path, '--grep', '75 euros', '--env', 'production');
      assert.equal(gone.status, 0);
      assert.match(
        gone.out,
        /came with v2, .* first in production .*\n.* went with v3, .*never active/,
      );
      assert.match(gone.out, /v3 does not have them\.\n/);
      const none = await status(1, 'blame', path, '--grep', 'nowhere');
      assert.match(none.out, /^No version of .* up to v3 has "nowhere"\.\n/);
      await status(3, 'blame', path, '--grep', ' ');
    });
  });
});

describe('texts that were redacted', function () {
  this.timeout(120_000);
  let world: World;
  let ada: Clone;
  before(async () => {
    world = new World('redacted-texts');
    ada = world.repository('ada', author);
    ada.write(path, v1);
    await ada.ok('init', '--yes');
    for (const text of [v1, v2, v3]) {
      ada.write(path, text);
      await ada.ok('propose', path, '-m', 'next');
    }
    await ada.as(reviewer).ok('approve', `${path}@v2`, '--yes');
    await ada.ok('deploy', `${path}@v2`, '--env', 'production');
    await ada.ok('redact', `${path}@v2`, '-m', 'A key was in it', '--yes');
  });
  after(() => world.remove());

  it('are still known by their digest, and said to be redacted', async () => {
    const said = await ada.ok('identify', v2);
    assert.match(said, /v2 .*: exactly these bytes\n/);
    assert.match(said, /redacted by Ada Author on .* because A key was in it/);
    assert.match(said, /Active in production/);
    const near = envelopeOf<IdentifiedRow>(await ada.run('identify', `${v1}More.\n`, '--json'));
    assert.equal(near.counts['redacted'], 1);
    assert.ok(near.caveats.some((one) => /1 text of versions could not be compared/.test(one)));
  });

  it('are not compared, which is said', async () => {
    const ended = await ada.run('diff', `${path}@v1`, `${path}@v2`);
    assert.equal(ended.status, 1, ended.err);
    assert.match(ended.out, /Note: prompts\/refunds.prompt.md v2: The text was redacted by Ada/);
    // What the proposal says of its parts stays.
    assert.match(ended.out, /\nParts text changed, model changed, tools same, permissions same\n/);
    const live = await ada.run('show', path, '--env', 'production');
    assert.equal(live.status, 1, live.err);
    assert.match(live.out, /\(redacted by Ada Author/);
    const raw = await ada.run('show', path, '--env', 'production', '--raw');
    assert.deepEqual([raw.status, raw.out], [1, '']);
    assert.match(raw.err, /The text was redacted by Ada/);
  });

  it('leave open which version brought a line in', async () => {
    const said = await ada.ok('blame', path);
    assert.match(said, /\n2 +v3 or before .*gpt-5\n/);
    assert.match(said, /\n3 +v1 /);
    assert.match(said, /Note: v2 could not be looked at: The text was redacted by Ada/);
    assert.match(said, /Note: What is said to come with v3 may have come with 1 version just/);
    const ended = await ada.run('blame', `${path}@v2`);
    assert.equal(ended.status, 1);
    assert.match(ended.err, /The text was redacted by Ada/);
  });
});
