import assert from 'node:assert/strict';
import type { PromptAuditError } from '../../src/core/errors.js';
import type { EventOf } from '../../src/core/event.js';
import { digestOf } from '../../src/core/hash.js';
import type { Digest } from '../../src/core/ids.js';
import { defaultPolicy } from '../../src/core/policyFile.js';
import type { TrailContext } from '../../src/trail/context.js';
import { TextTrail } from '../../src/trail/textTrail.js';
import { ana, EventChain, fakeId, ravi, rosa } from '../tools/eventChain.js';

/** Texts of versions with clocks and gaps that no honest machine makes on demand. */
describe('questions about texts', () => {
  let chain: EventChain;
  let texts: Map<Digest, Buffer>;
  beforeEach(() => {
    chain = new EventChain().begin();
    texts = new Map();
  });

  const propose = (text: string, number: number): EventOf<'version.proposed'> => {
    texts.set(digestOf(text), Buffer.from(text));
    return chain.propose(ana, text, number);
  };
  const trail = (): TextTrail => {
    const { state } = chain;
    const store = {
      hasContent: (digest: Digest) => texts.has(digest),
      content: async (digest: Digest) => texts.get(digest),
      draft: async () => null,
    };
    const view = { state, policy: defaultPolicy, syncedSize: state.size };
    const site = { root: '/r', git: null, initialized: true };
    const context = { state, store, view, site, finalSize: state.size, policy: defaultPolicy };
    return new TextTrail(context as unknown as TrailContext);
  };
  const code = (wanted: string) => (error: unknown) => (error as PromptAuditError).code === wanted;

  it('looks at the newest texts first, and can be cancelled', async () => {
    for (let n = 1; n <= 30; n++) propose(`Version ${n} of the words that stay the same`, n);
    const steps: (number | null)[] = [];
    const watch = {
      progress: ({ done, total }: { done: number; total: number | null }) =>
        void steps.push(done, total),
      isCancelled: () => steps.length > 6,
    };
    const text = 'words that stay the same';
    await assert.rejects(trail().identify({ text, watch }), code('cancelled'));
    assert.deepEqual(steps.slice(0, 4), [0, 30, 1, 30]);
    const { rows, found, compared } = await trail().identify({ text, near: 2 });
    assert.deepEqual(
      [rows.map(({ version }) => version), found, compared],
      [['v30', 'v29'], 30, 30],
    );
  });

  it('knows a text by the newlines at its end, however many', async () => {
    propose('one line\n', 1);
    const { rows } = await trail().identify({ text: 'one line\n\n\n' });
    assert.deepEqual(
      rows.map(({ match, unseen }) => [match, unseen]),
      [['same-text', ['final-newline']]],
    );
  });

  it('counts the texts that it could not compare', async () => {
    propose('here are some words', 1);
    chain.propose(ana, 'these are not in this clone', 2);
    const { notCompared, rows } = await trail().identify({ text: 'here are some other words' });
    assert.deepEqual(notCompared, { redacted: 0, missing: 1, beyondLimits: 0 });
    assert.equal(rows[0]?.match, 'near');
    // Its digest is known all the same.
    const known = await trail().identify({ text: 'these are not in this clone' });
    assert.deepEqual([known.rows[0]?.match, known.rows[0]?.version], ['exact', 'v2']);
  });

  it('tells of every prompt that has a text, where it is active first, and knows it by a digest', async () => {
    const v1 = propose('the same in both', 1);
    const digits = v1.header.refs.digest.slice(7, 14);
    assert.equal((await trail().identify({ digest: digits })).digest, v1.header.refs.digest);
    const other = fakeId(0x72);
    const registered = { path: 'other.prompt.md', format: 'vscode-prompt' };
    chain.add('prompt.registered', ana, {}, registered, { prompt: other });
    chain.propose(ana, 'the same in both', 1, other, { path: registered.path });
    const paths = async (): Promise<unknown[]> =>
      (await trail().identify({ text: 'the same in both' })).rows.map(({ path }) => path);
    assert.deepEqual(await paths(), ['other.prompt.md', 'triage.prompt.md']);
    chain.deploy(rosa, v1);
    assert.deepEqual(await paths(), ['triage.prompt.md', 'other.prompt.md']);
    const none = await trail().identify({ digest: 'f'.repeat(64) });
    assert.deepEqual([none.rows, none.digest], [[], `sha256:${'f'.repeat(64)}`]);
    assert.equal((await trail().identify({ digest: 'fffffff' })).digest, null);
    await assert.rejects(trail().identify({ digest: '12345' }), code('usage'));
    await assert.rejects(
      trail().identify({ text: new Uint8Array(4 * 1024 * 1024 + 1) }),
      code('prompt.tooLarge'),
    );
  });

  it('refuses to compare where clocks let two versions be active at a time', async () => {
    const [v1, v2, v3] = ['one', 'two', 'three'].map((text, at) => propose(text, at + 1));
    for (const version of [v1!, v2!, v3!]) chain.decide(ravi, version);
    const at = (hour: number): string => `2026-02-01T${String(hour).padStart(2, '0')}:00:00.000Z`;
    chain.deploy(rosa, v1!, 'production', { at: at(10) });
    chain.deploy(rosa, v2!, 'production', { at: at(14) });
    // Her clock is slow by hours.
    chain.deploy(rosa, v3!, 'production', { at: at(12) });
    const asked = { path: 'triage.prompt.md', env: 'production' };
    await assert.rejects(
      trail().compare({ ...asked, from: at(11), to: at(13) }),
      code('version.ambiguous'),
    );
    const { before, after, between } = await trail().compare({ ...asked, from: at(9), to: at(11) });
    assert.deepEqual([before, after?.version.label], [null, 'v1']);
    assert.deepEqual(
      between.map(({ version }) => version.label),
      ['v1'],
    );
  });

  it('compares backwards, and says what a rollback took back', async () => {
    const [v1, , v3] = ['one\n', 'two\n', 'three\n'].map((text, at) => propose(text, at + 1));
    const { diff, between } = await trail().compare({ before: v3!.id, after: v1!.id });
    assert.deepEqual([diff?.removed, diff?.added], [1, 1]);
    assert.deepEqual(
      between.map(({ version }) => version.label),
      ['v2', 'v3'],
    );
  });

  it('gives a line back to the version that brought it in again', async () => {
    const last = ['a\nb\n', 'a\n', 'a\nb\n'].map((text, at) => propose(text, at + 1)).at(-1)!;
    const { lines, turns, versions } = await trail().blame({ target: last.id, grep: 'B' });
    const label = new Map(versions.map(({ version }) => [version.id, version.label]));
    assert.deepEqual(
      lines.map(({ line, version }) => [line, label.get(version)]),
      [[2, 'v3']],
    );
    assert.deepEqual(
      turns.map(({ what, version }) => [what, label.get(version)]),
      [
        ['came', 'v1'],
        ['went', 'v2'],
        ['came', 'v3'],
      ],
    );
  });

  it('says since when words were active that went and came again', async () => {
    const all = ['x\n', 'a\n', 'x\n'].map((text, at) => propose(text, at + 1));
    for (const version of all) chain.decide(ravi, version);
    chain.deploy(rosa, all[1]!);
    const third = chain.deploy(rosa, all[2]!);
    const { versions } = await trail().blame({
      target: all[2]!.id,
      grep: 'x',
      env: 'production',
    });
    assert.deepEqual(
      versions.map(({ version, firstActive }) => [version.label, firstActive?.deployment ?? null]),
      [
        ['v1', null],
        ['v2', chain.state.prompts.values().next().value!.deployments[0]!.id],
        ['v3', third.id],
      ],
    );
  });
});
