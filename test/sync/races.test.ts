import assert from 'node:assert/strict';
import { join } from 'node:path';
import { isWhole } from '../tools/faults/share.js';
import { transports, type Transport } from '../tools/gitServers.js';
import { Team } from '../tools/team.js';
import { assertSame } from '../tools/teamChecks.js';
import { actsIn, isWorker, workInProcess } from './teamWork.js';

const clones = 10;
/** Events that each clone records. Where the way is longer it is the way that is tried. */
const acts: Readonly<Record<Transport, number>> = {
  file: 50,
  ssh: isWhole ? 50 : 6,
  http: isWhole ? 50 : 10,
};
/** Events between two syncs of a clone, on average. */
const syncEvery = 7;

function describeRaces(): void {
  for (const transport of transports) {
    describe(`${clones} clones that sync at random over ${transport}`, function () {
      this.timeout(1_200_000);
      let team: Team;
      before(async () => {
        const names = Array.from({ length: clones }, (_, i) => `clone${i + 1}`);
        team = await Team.begin(transport, names);
      });
      after(() => team.end());

      it(`bring each of ${clones} × ${acts[transport]} events to everybody, once`, async () => {
        const done = await Promise.all(
          team.names.map((name, seed) => {
            const folder = join(team.clinic.folder, name);
            return workInProcess({ folder, name, acts: acts[transport], syncEvery, seed });
          }),
        );
        const acknowledged = done.flatMap((one) => one.acts);
        assert.equal(acknowledged.length, clones * acts[transport]);
        const ledger = await assertSame(team);
        assert.deepEqual(actsIn(ledger).sort(), acknowledged.sort());
      });
    });
  }
}

if (!isWorker()) describeRaces();
