import assert from 'node:assert/strict';
import type { Trail } from '../../src/trail/api.js';
import { Team } from '../tools/team.js';
import { assertSame } from '../tools/teamChecks.js';

const prompts = 100;
const rounds = 10;
const own = 20;

describe('a clone that was offline through 1,000 events of others', function () {
  this.timeout(300_000);
  let team: Team;
  before(async () => (team = await Team.begin('http', ['ana', 'ravi'])));
  after(() => team.end());

  /** Records a new text of each of so many prompts. */
  async function recordAll(
    name: string,
    trail: Trail,
    count: number,
    round: number,
  ): Promise<void> {
    for (let i = 0; i < count; i++)
      team.clinic.write(name, `prompts/${i}.prompt.md`, `${name} ${round} ${i}\n`);
    const results = await trail.record();
    const recorded = results.filter(({ outcome }) => outcome === 'recorded');
    assert.ok(recorded.length >= count, `${recorded.length} of ${count}`);
  }

  it('takes them all, adds its own 20, and everybody has the same', async () => {
    const ana = await team.clinic.open('ana', { autoSync: false });
    const ravi = await team.clinic.open('ravi', { autoSync: false });
    await recordAll('ana', ana, own / 2, 0);
    for (let round = 1; round <= rounds; round++) {
      await recordAll('ravi', ravi, prompts, round);
      await ravi.sync();
    }
    await recordAll('ana', ana, own / 2, 1);
    const version = await ana.propose({ path: 'prompts/0.prompt.md', note: 'while offline' });
    assert.equal(version.number, 1);
    const { sent, received } = await ana.sync();
    assert.ok(sent >= own + 1, `sent ${sent}`);
    assert.ok(received >= rounds * prompts, `received ${received}`);
    const { events } = await assertSame(team);
    const digests = events.flatMap(({ event }) =>
      event.known && event.type === 'revision.saved' ? [event.header.refs.digest] : [],
    );
    assert.equal(digests.length, rounds * prompts + own);
    assert.equal(new Set(digests).size, digests.length);
  });
});
