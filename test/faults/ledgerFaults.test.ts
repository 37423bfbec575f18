import assert from 'node:assert/strict';
import { install } from '../tools/faults/disk.js';
import { baseOf, callsOf, pointsOf, runPoint, type Point } from '../tools/faults/run.js';
import { scenarios, type Scenario } from '../tools/faults/scenarios.js';
import { sample } from '../tools/faults/share.js';
import { World } from '../tools/faults/world.js';

/** How many examples of one failure are shown. */
const shown = 6;

describe('ledger on a disk whose every call may fail', function () {
  this.timeout(900_000);
  const total = { calls: 0, points: 0, states: 0 };
  let remove: () => void;
  before(() => (remove = install()));
  after(() => {
    remove();
    const { calls, points, states } = total;
    console.log(
      `    ${calls} calls in ${scenarios.length} scenarios, ${points} faults, ${states} states checked`,
    );
  });

  for (const scenario of scenarios) {
    it(scenario.name, async () => {
      assert.deepEqual(await failuresOf(scenario), {});
    });
  }

  /** What went wrong, and at which points. */
  async function failuresOf(scenario: Scenario): Promise<Record<string, string[]>> {
    const base = await baseOf(scenario, new World(scenario.options ?? {}));
    const calls = await callsOf(scenario, base);
    const points = sample(pointsOf(calls), matters, scenario.isSlow);
    const failures: Record<string, string[]> = {};
    total.calls += calls.length;
    total.points += points.length;
    for (const point of points) {
      try {
        total.states += await runPoint(scenario, base, point);
      } catch (error) {
        const places = (failures[firstLines(error)] ??= []);
        if (places.length < shown) places.push(`${point.name}, ${point.call.path}`);
      }
    }
    return failures;
  }
});

/** What no test on a real disk meets: a sync that fails, and a file system without links. */
const matters = ({ call, fault, lasting }: Point): boolean =>
  fault.kind === 'error' && !lasting && (call.kind === 'sync' || call.name === 'link');

const firstLines = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n').slice(0, 6).join(' ');
