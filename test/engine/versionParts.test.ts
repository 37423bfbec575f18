import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { EventId } from '../../src/core/ids.js';
import type { VersionParts } from '../../src/core/event.js';
import { digestOf } from '../../src/core/hash.js';
import type { ReportedFinding } from '../../src/core/rows.js';
import { LedgerStore } from '../../src/ledger/store.js';
import type { Trail } from '../../src/trail/api.js';
import { Clinic } from '../tools/clones.js';

const path = 'prompts/triage.prompt.md';
const text = '---\nmodel: gpt-4o\ntools: [b, a]\n---\nBe brief.\n';
const other = text.replace('gpt-4o', 'o3');
const parts = {
  text: digestOf('{"body":"Be brief.\\n","metadata":{}}'),
  model: digestOf('{"model":"gpt-4o"}'),
  tools: digestOf('{"tools":["a","b"]}'),
  permissions: null,
};

/** What a version changes is written with its proposal, and a wrong claim is found. */
describe('parts of a version in the trail', function () {
  this.timeout(240_000);
  let clinic: Clinic;
  let trail: Trail;
  beforeEach(async () => {
    clinic = new Clinic();
    await clinic.made(async () => {
      clinic.clone('ana');
      clinic.write('ana', path, text);
      await clinic.init('ana');
      clinic.commit('ana');
    });
    trail = await open();
  });
  afterEach(() => clinic.dispose());

  const open = (): Promise<Trail> => clinic.open('ana', { autoSync: false, warn: () => undefined });
  const found = async (full = false): Promise<readonly ReportedFinding[]> =>
    (await trail.verify({ full })).findings.filter(({ code }) => code === 'version.parts');

  const claims = async (): Promise<readonly unknown[]> =>
    (await trail.log())
      .filter(({ type }) => type === 'version.proposed')
      .map(({ refs }) => [refs['parts'], refs['commit']]);

  /** A proposal by another program, with its text. */
  async function forge(claimed: VersionParts | null, bytes: string): Promise<EventId> {
    const root = join(clinic.folder, 'ana');
    const store = await LedgerStore.open({
      file: join(root, '.prompt-audit', 'ledger.sqlite'),
      privateDir: join(root, '.git', 'prompt-audit'),
      trimAfterFold: false,
      readRef: () => Promise.resolve(null),
      tool: 'other/2.0',
    });
    const [prompt] = store.state.prompts.values();
    const { who } = store.state.event(store.size).header;
    const common = { who, prompt: prompt!.id, identity: 'git' } as const;
    const digest = digestOf(bytes);
    const { id } = await store.transact((tx) => {
      tx.putContent(Buffer.from(bytes));
      const body = { path, size: bytes.length, source: 'cli' } as const;
      const revision = tx.append({ ...common, type: 'revision.saved', refs: { digest }, body }).id;
      return tx.append({
        ...common,
        type: 'version.proposed',
        refs: { digest, revision, number: 2, commit: null, parts: claimed },
        body: { path, note: 'only words' },
      });
    });
    await trail.refresh();
    return id;
  }

  it('stand in the proposal, and verify reads the same', async () => {
    await trail.propose({ path, note: 'one' });
    clinic.write('ana', path, '---\nmodel: [\n---\n');
    await trail.propose({ path, note: 'broken' });
    assert.deepEqual(await claims(), [
      [parts, null],
      [null, null],
    ]);
    assert.deepEqual(await found(true), []);
  });

  it('are found where they are not those of the text, by a full verification and a quick one', async () => {
    await trail.propose({ path, note: 'one' });
    assert.deepEqual(await found(), []);
    const id = await forge(parts, other);
    for (const full of [false, true, false]) {
      const [one, ...more] = await found(full);
      assert.deepEqual(more, []);
      assert.deepEqual(
        [one!.event, one!.severity, one!.verdict, one!.expected, one!.found],
        [
          id,
          'warning',
          'order',
          `model ${digestOf('{"model":"o3"}')}`,
          `model ${digestOf('{"model":"gpt-4o"}')}`,
        ],
      );
      assert.match(
        one!.message,
        /by other\/2\.0, claims another model of prompts\/triage\.prompt\.md \(proposed as v2\)/,
      );
    }
  });

  it('are read in the files of the ledger, too, and not asked for where a redaction took the text', async () => {
    await trail.propose({ path, note: 'one' });
    await forge(parts, other);
    await trail.fold();
    rmSync(join(clinic.folder, 'ana', '.git', 'prompt-audit'), { recursive: true });
    trail = await open();
    assert.equal((await found(true)).length, 1);
    const [, forged] = (await trail.log()).filter(({ type }) => type === 'version.proposed');
    await trail.redact({ target: forged!.refs['digest'] as string, reason: 'x', identity: 'git' });
    assert.deepEqual(await found(true), []);
    assert.deepEqual((await trail.verify({ full: true })).intact, true);
  });

  it('are found where nobody could read the text, and where somebody could', async () => {
    await trail.propose({ path, note: 'one' });
    await forge(parts, '---\nmodel: [\n---\n');
    await forge(null, text);
    assert.deepEqual(
      (await found(true)).map(({ expected }) => expected),
      [
        'text unread, model unread, tools unread, permissions unread',
        `text ${parts.text}, model ${parts.model}, tools ${parts.tools}, permissions none`,
      ],
    );
  });
});
