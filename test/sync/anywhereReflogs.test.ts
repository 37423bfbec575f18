import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Clinic } from '../tools/clones.js';
import { begunClinic, roundTrip } from './anywhereFixture.js';

describe('sync anywhere: reflogs', function () {
  this.timeout(60_000);
  let clinic: Clinic;
  beforeEach(async () => (clinic = await begunClinic()));
  afterEach(() => clinic.dispose());

  it('no old version of the ledger is held by one, whatever the user keeps of their own refs', async () => {
    clinic.clone('rosa');
    clinic.git('rosa', 'config', 'core.logAllRefUpdates', 'always');
    clinic.git('rosa', 'tag', 'mine');
    const logs = join(clinic.folder, 'rosa/.git/logs');
    await roundTrip(clinic, 'rosa');
    await roundTrip(clinic, 'rosa');
    assert.equal(existsSync(join(logs, 'refs/prompt-audit')), false);
    assert.equal(existsSync(join(logs, 'refs/tags/mine')), true);
    assert.equal(clinic.git('rosa', 'config', 'core.logAllRefUpdates'), 'always');
    // What the branch showed before is kept by nothing but the branch.
    const tip = clinic.git('rosa', 'rev-parse', 'refs/prompt-audit/ledger');
    const held = clinic.git('rosa', 'rev-list', '--reflog', '--not', '--all');
    assert.equal(held, '', tip);
  });
});
