import assert from 'node:assert/strict';
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openTrail } from '../../src/trail/openTrail.js';
import { bigLedger } from '../tools/bigLedger.js';
import { isWhole } from '../tools/faults/share.js';
import { git } from '../tools/git.js';
import { bytesBelow, compressedBytes, oneByOne } from '../tools/growth.js';
import { temporaryFolder } from '../tools/temporary.js';

const megabyte = 1024 * 1024;

interface Growth {
  readonly events: number;
  /** At least so many bytes have the ledger's files. */
  readonly ledgerBytes: number;
  readonly syncs: number;
  /** Below this is the clone's .git at the end; bytes. */
  readonly limit: number;
  /** As TrailOptions; default: as everybody has it. */
  readonly looseBytes?: number;
}

const whole: Growth = {
  events: 5600,
  ledgerBytes: 5_000_000,
  syncs: 1000,
  limit: 100 * megabyte,
};

/** A fifth of the ledger, packed after a tenth of the bytes: so each packing takes half as many versions. */
const scaled: Growth = {
  events: 1120,
  ledgerBytes: 950_000,
  syncs: 100,
  limit: 8 * megabyte,
  looseBytes: 12 * megabyte,
};

describe('growth of what git keeps', function () {
  this.timeout(isWhole ? 3 * 60 * 60_000 : 240_000);
  let place: ReturnType<typeof temporaryFolder>;
  beforeEach(() => (place = temporaryFolder('growth')));
  afterEach(() => place.remove());

  const { events, ledgerBytes, syncs, limit, looseBytes } = isWhole ? whole : scaled;

  it(`${syncs} syncs of one event each leave little here and on the remote`, async () => {
    const [folder, remote] = [join(place.path, 'ana'), join(place.path, 'remote.git')];
    mkdirSync(folder);
    git(place.path, 'init', '--quiet', '--bare', remote);
    await bigLedger(folder, { events });
    git(folder, 'remote', 'add', 'origin', remote);
    assert.ok(statSync(join(folder, '.prompt-audit/ledger.sqlite')).size >= ledgerBytes);

    const limits = looseBytes === undefined ? {} : { looseBytes };
    const warn = (message: string): void => assert.fail(message);
    const trail = await openTrail({ folder, tool: 'test/1', source: 'cli', limits, warn });
    await trail.sync();
    const record = await oneByOne(folder);
    const before = bytesBelow(join(folder, '.git'));
    let most = before;
    for (let i = 0; i < syncs; i++) {
      await record();
      assert.equal((await trail.sync()).sent, 1);
      most = Math.max(most, bytesBelow(join(folder, '.git')));
    }
    await trail.close();
    const here = bytesBelow(join(folder, '.git'));
    assert.ok(here < limit, `${here} bytes in the clone's .git`);
    git(folder, 'fsck', '--strict', '--connectivity-only');
    assert.equal(git(folder, 'rev-list', '--count', 'refs/prompt-audit/ledger'), `${syncs + 1}`);

    const there = bytesBelow(join(remote, 'objects'));
    // Each thread of git's search for differences begins with a whole copy; docs/SYNC.md says what that means.
    git(remote, 'config', 'pack.threads', '1');
    git(remote, 'gc', '--quiet');
    const collected = bytesBelow(join(remote, 'objects'));
    const compressed = compressedBytes(folder);
    assert.ok(collected <= 2 * compressed, `${collected} bytes of a ledger of ${compressed}`);
    const figures = { before, most, here, there, collected, compressed };
    console.log(
      `        ${Object.entries(figures)
        .map(([name, bytes]) => `${name} ${(bytes / megabyte).toFixed(2)} MB`)
        .join(', ')}`,
    );
  });
});
