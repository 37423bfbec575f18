import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { formatCheckpoint } from '../../src/core/checkpoint.js';
import { digestOf } from '../../src/core/hash.js';
import type { PersonId, PromptId } from '../../src/core/ids.js';
import { verifyLedger } from '../../src/ledger/verify.js';
import { volumePath, volumeTreeName } from '../../src/ledger/volumes.js';
import { fixedOptions } from '../tools/goldenLedger.js';
import { Sandbox } from '../tools/ledgerFixture.js';
import { projectRoot } from '../tools/paths.js';

const folder = join(projectRoot, 'test', 'golden', 'volumes');
const ana = 'a'.repeat(32) as PersonId;
const prompt = 'c'.repeat(32) as PromptId;

const options = () => ({
  ...fixedOptions('golden', Date.UTC(2026, 10, 21, 5, 12)),
  sealBytes: 35_000,
});

/** Two sealed volumes and an open one, byte for byte: who changes one of these changes the format. */
describe('golden volumes, format version 1', () => {
  let box: Sandbox;
  before(() => (box = new Sandbox()));
  after(() => box.clean());

  async function recreate(): Promise<Map<string, Uint8Array>> {
    const store = await box.open(options());
    store.create();
    const identity = 'git';
    for (let at = 1; at <= 9; at++) {
      await store.transact((tx) => {
        if (at === 1)
          tx.append({
            type: 'prompt.registered',
            who: ana,
            prompt,
            refs: {},
            body: { path: 'prompts/triage.md', format: 'text' },
            identity,
          });
        const text = Buffer.from(`Be brief, ${at % 4}.\n`);
        const digest = tx.putContent(text);
        const body = { path: 'prompts/triage.md', size: text.length, source: 'cli' } as const;
        const { id } = tx.append({
          type: 'revision.saved',
          who: ana,
          prompt,
          refs: { digest },
          body,
          identity,
        });
        const version = tx.append({
          type: 'version.proposed',
          who: ana,
          prompt,
          refs: { digest, revision: id, number: at },
          body: { path: 'prompts/triage.md', note: `Step ${at}.` },
          identity,
        }).id;
        const refs = { version, digest, policy: digestOf('none'), decision: 'approved' } as const;
        tx.append({
          type: 'review.decided',
          who: 'b'.repeat(32) as PersonId,
          prompt,
          refs,
          body: { meaning: 'I reviewed it.', reason: null },
          identity,
        });
      });
    }
    const tip = '0'.repeat(40);
    await store.transact((tx) =>
      tx.append({
        type: 'history.purged',
        who: ana,
        refs: {},
        body: { reason: 'A key.', commits: 3, tip },
        identity,
      }),
    );
    const { open, volumes, point } = await store.contents();
    const files = new Map<string, Uint8Array>();
    for (const [i, { read }] of volumes.entries()) files.set(volumeTreeName(i + 1), await read());
    files.set('ledger.sqlite', open);
    files.set('checkpoint', Buffer.from(formatCheckpoint(point)));
    return files;
  }

  it('are made again byte by byte', async () => {
    const files = await recreate();
    if (process.env['UPDATE_GOLDEN']) {
      mkdirSync(folder, { recursive: true });
      for (const [name, bytes] of files) writeFileSync(join(folder, basename(name)), bytes);
    }
    assert.deepEqual([...files.keys()].map((name) => basename(name)).sort(), readdirSync(folder));
    for (const [name, bytes] of files)
      assert.ok(readFileSync(join(folder, basename(name))).equals(Buffer.from(bytes)), name);
    assert.ok(files.has(volumeTreeName(2)));
  });

  it('are verified without an error', async () => {
    const other = new Sandbox();
    try {
      mkdirSync(join(other.file, '..', 'volumes'), { recursive: true });
      writeFileSync(other.file, readFileSync(join(folder, 'ledger.sqlite')));
      for (const volume of [1, 2]) {
        const path = volumePath(other.file, volume);
        writeFileSync(path, readFileSync(join(folder, basename(path))));
      }
      const { findings, ledger, checked } = await verifyLedger(other.options());
      assert.deepEqual([findings, checked], [[], 30]);
      assert.equal(formatCheckpoint(ledger!), readFileSync(join(folder, 'checkpoint'), 'utf8'));
    } finally {
      other.clean();
    }
  });
});
