import assert from 'node:assert/strict';
import { isPromptAuditError } from '../../../src/core/errors.js';
import { assertKept, assertNotRecorded, assertRecovers, goOn } from './checks.js';
import { loseAll, powerCuts, type PowerCut } from './power.js';
import type { Call, Fault } from './process.js';
import type { Scenario } from './scenarios.js';
import type { World } from './world.js';

/** One run of a scenario: the fault that its call number `at` meets. */
export interface Point {
  readonly at: number;
  readonly call: Call;
  readonly name: string;
  readonly fault: Fault;
  /** The fault stays until the step has failed, as on a disk that is full. */
  readonly lasting: boolean;
}

/** The calls of a scenario that meets no fault. */
export async function callsOf(scenario: Scenario, base: World): Promise<readonly Call[]> {
  const world = await opened(base);
  for (const step of scenario.during) await world.run(() => step(world));
  return world.process.calls;
}

/** Every call of a scenario with every fault that it can meet. */
export function pointsOf(calls: readonly Call[]): Point[] {
  return calls.flatMap((call) =>
    faultsOf(call).map(({ fault, lasting = false }) => ({
      at: call.index,
      call,
      fault,
      lasting,
      name: `call ${call.index} ${call.name} ${describe(fault)}${lasting ? ' and from then on' : ''}`,
    })),
  );
}

const errors: Readonly<Record<Call['kind'], readonly string[]>> = {
  read: ['EIO', 'EACCES'],
  write: ['ENOSPC', 'EIO', 'EPERM'],
  sync: ['EIO', 'ENOSPC'],
  names: ['ENOSPC', 'EIO', 'EPERM'],
  close: ['EIO'],
};

function faultsOf(call: Call): { fault: Fault; lasting?: boolean }[] {
  const once = errors[call.kind].map((code) => ({ fault: { kind: 'error', code } as const }));
  const ends = (['before', 'after'] as const).map((when) => ({
    fault: { kind: 'end', when } as const,
  }));
  if (call.kind === 'read' || call.kind === 'close') return [...once, ends[0]!];
  const lasting = ['ENOSPC', 'EIO'].map((code) => ({
    fault: { kind: 'error', code } as const,
    lasting: true,
  }));
  const all = [...once, ...ends, ...lasting];
  if (!call.name.startsWith('handle.write')) return all;
  return [
    ...all,
    ...(call.name === 'handle.write' ? [{ fault: { kind: 'short' } as const }] : []),
    { fault: { kind: 'half', code: 'ENOSPC' } },
    { fault: { kind: 'end', when: 'half' } },
  ];
}

function describe(fault: Fault): string {
  switch (fault.kind) {
    case 'error':
      return `fails with ${fault.code}`;
    case 'short':
      return 'writes half';
    case 'half':
      return `writes half and fails with ${fault.code}`;
    case 'skip':
      return 'does nothing';
    case 'end':
      return fault.when === 'half' ? 'is the last, half done' : `ends the process ${fault.when} it`;
  }
}

/** What stands before the faults, as durable as the ledger made it. */
export async function baseOf(scenario: Scenario, world: World): Promise<World> {
  await world.open();
  for (const step of scenario.before) await world.run(() => step(world));
  return world;
}

/** Runs one point and checks everything that the ledger promises. Gives the number of checked states. */
export async function runPoint(scenario: Scenario, base: World, point: Point): Promise<number> {
  const world = await opened(base);
  arm(world, point);
  if (point.fault.kind === 'end') return await afterEnd(scenario, world);
  await withFailures(scenario, world, point);
  assertEvidence(scenario, world);
  await world.run(async () => {
    await assertKept(world, world.store);
    await goOn(world, scenario.allowed ?? []);
  });
  const rebooted = world.on(world.disk.reboot(loseAll));
  await assertRecovers(rebooted, scenario.allowed ?? []);
  assertEvidence(scenario, rebooted);
  return 2;
}

function arm(world: World, { at, fault, lasting }: Point): void {
  world.process.plan = (call) => {
    if (call.index === at) return fault;
    const hit = lasting && call.index > at && call.kind !== 'read' && call.kind !== 'close';
    return hit ? fault : null;
  };
}

async function withFailures(scenario: Scenario, world: World, point: Point): Promise<void> {
  for (const step of scenario.during) {
    try {
      await world.run(() => step(world));
    } catch (error) {
      assert.ok(isPromptAuditError(error), `not a message for people: ${String(error)}`);
      world.process.plan = () => null;
      await world.run(async () => {
        assertNotRecorded(world, world.store);
        await world.store.refresh();
        assertNotRecorded(world, world.store);
        await assertKept(world, world.store);
        assertTidy(world, point);
        // Nothing of it was recorded, so that asking again records it once.
        await step(world);
      });
    }
  }
  world.process.plan = () => null;
}

/** After a failure that could be cleaned up, no temporary file is left. */
function assertTidy(world: World, { lasting, call }: Point): void {
  if (lasting || call.name === 'unlink') return;
  const left = world.disk.tree.files().filter((path) => path.endsWith('.tmp'));
  assert.deepEqual(left, [], 'a temporary file was left');
}

async function afterEnd(scenario: Scenario, world: World): Promise<number> {
  const allowed = scenario.allowed ?? [];
  for (const step of scenario.during) {
    await world
      .run(() => step(world))
      .catch((error: unknown) => {
        if (!world.process.ended) throw error;
      });
    if (world.process.ended) break;
  }
  assert.ok(world.process.ended, 'the process should have ended');
  for (const cut of powerCuts) await afterCut(scenario, world, cut);

  // The process alone ended. The next one goes on; what it was promised must outlive a power cut.
  const next = world.on(world.disk);
  await assertRecovers(next, allowed);
  assertEvidence(scenario, next);
  for (const cut of [loseAll, powerCuts[4]!]) await afterCut(scenario, next, cut);
  return powerCuts.length + 3;
}

async function afterCut(scenario: Scenario, world: World, cut: PowerCut): Promise<void> {
  const rebooted = world.on(world.disk.copy().reboot(cut));
  try {
    const allowed = [...(scenario.allowed ?? []), ...(cut.allowed ? [cut.allowed] : [])];
    await assertRecovers(rebooted, allowed);
    assertEvidence(scenario, rebooted);
  } catch (error) {
    if (error instanceof Error) error.message = `power cut (${cut.name}): ${error.message}`;
    throw error;
  }
}

function assertEvidence({ evidence }: Scenario, world: World): void {
  if (evidence) assert.ok(world.keeps(evidence), 'what was damaged was thrown away');
}

async function opened(base: World): Promise<World> {
  const world = base.copy();
  await world.open();
  world.process.calls.length = 0;
  return world;
}
