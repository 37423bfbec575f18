import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cached, hasFiles } from '../../scripts/lib/cache.mjs';
import { temporaryFolder } from '../tools/temporary.js';

describe('the cache of downloads', () => {
  const isWhole = hasFiles('program');
  const before = process.env['PROMPT_AUDIT_CACHE'];
  let cache: ReturnType<typeof temporaryFolder>;

  beforeEach(() => {
    cache = temporaryFolder('cache');
    process.env['PROMPT_AUDIT_CACHE'] = cache.path;
  });

  afterEach(() => {
    if (before === undefined) delete process.env['PROMPT_AUDIT_CACHE'];
    else process.env['PROMPT_AUDIT_CACHE'] = before;
    cache.remove();
  });

  const fill = async (folder: string): Promise<void> =>
    writeFileSync(path.join(folder, 'program'), 'whole');

  it('fills a folder once', async () => {
    let fills = 0;
    const counting = async (folder: string): Promise<void> => {
      fills += 1;
      await fill(folder);
    };
    const first = await cached('tool-1', isWhole, counting);
    assert.equal(await cached('tool-1', isWhole, counting), first);
    assert.equal(fills, 1);
    assert.deepEqual(readdirSync(cache.path), ['tool-1']);
  });

  it('keeps nothing of an installation that failed', async () => {
    const failing = async (folder: string): Promise<void> => {
      await fill(folder);
      throw new Error('no network');
    };
    await assert.rejects(cached('tool-1', isWhole, failing), /no network/u);
    await assert.rejects(
      cached('tool-1', isWhole, async () => undefined),
      /a file of it is missing/u,
    );
    assert.deepEqual(readdirSync(cache.path), []);
  });

  it('repairs what an interrupted run of an older version left', async () => {
    mkdirSync(path.join(cache.path, 'tool-1'));
    writeFileSync(path.join(cache.path, 'tool-1', 'half'), '');
    // No process can have this number.
    mkdirSync(path.join(cache.path, 'tool-1.tmp-99999999'));
    const folder = await cached('tool-1', isWhole, fill);
    assert.equal(existsSync(path.join(folder, 'half')), false);
    assert.deepEqual(readdirSync(cache.path), ['tool-1']);
  });
});
