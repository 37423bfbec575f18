import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isPromptAuditError } from '../../src/core/errors.js';
import { digestOf } from '../../src/core/hash.js';
import type { LedgerFile } from '../../src/ledger/sqliteFile.js';
import { openTrail } from '../../src/trail/openTrail.js';
import type { Trail } from '../../src/trail/api.js';
import { isPassingSyncError } from '../../src/trail/sync.js';
import { seeded } from '../tools/faults/power.js';

/** What one process does in one clone: every act records one event. */
export interface Work {
  readonly folder: string;
  readonly name: string;
  readonly acts: number;
  /** Acts between two syncs, on average. */
  readonly syncEvery: number;
  readonly seed: number;
}

/** What a process acknowledged. */
export interface Done {
  readonly acts: readonly string[];
  readonly syncs: number;
  /** Syncs that others outran until they gave up, for later. */
  readonly busy: number;
}

/** The prompt of which all propose versions. */
export const shared = 'prompts/shared.prompt.md';
const variable = 'PROMPT_AUDIT_TEAM_WORK';

/** Records, syncs at random, and syncs until all has been sent. */
export async function workInClone(work: Work): Promise<Done> {
  const { folder, name, acts, syncEvery, seed } = work;
  const random = seeded(seed);
  const trail = await openTrail({ folder, tool: 'test/1', source: 'cli', autoSync: false });
  const acknowledged: string[] = [];
  let syncs = 0;
  let busy = 0;
  for (let act = 0; act < acts; act++) {
    const text = `${name} ${act - (act % 2)}`;
    if (act % 2 === 0) acknowledged.push(await save(trail, folder, text));
    else acknowledged.push(await propose(trail, text));
    if (random() * syncEvery >= 1) continue;
    syncs++;
    if (!(await trySync(trail))) busy++;
  }
  for (let sent = false; !sent; syncs++) sent = await trySync(trail);
  await trail.close();
  return { acts: acknowledged, syncs, busy };
}

async function propose(trail: Trail, note: string): Promise<string> {
  await trail.propose({ path: shared, note });
  return `proposed ${note}`;
}

async function save(trail: Trail, folder: string, text: string): Promise<string> {
  const file = join(folder, shared);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${text}\n`);
  const result = await trail.recordSave(shared);
  assert.equal(result?.outcome, 'recorded');
  return `saved ${digestOf(`${text}\n`)}`;
}

/** False where others were faster: then it is for later. */
async function trySync(trail: Trail): Promise<boolean> {
  try {
    await trail.sync();
    return true;
  } catch (error) {
    if (!isPassingSyncError(error) || !isPromptAuditError(error, 'sync.busy')) throw error;
    return false;
  }
}

/** As workInClone, in a process of its own: of this test file's bundle. */
export async function workInProcess(work: Work): Promise<Done> {
  const env = { ...process.env, [variable]: JSON.stringify(work) };
  const child = fork(__filename, { env });
  let done: Done | undefined;
  child.on('message', (message) => (done = message as Done));
  const [code] = (await once(child, 'close')) as [number | null];
  assert.equal(code, 0, `the process of ${work.name} ended with ${code}`);
  assert.ok(done);
  return done;
}

/** In such a process: does its work, and true. */
export function isWorker(): boolean {
  const text = process.env[variable];
  if (text === undefined) return false;
  workInClone(JSON.parse(text) as Work).then(
    (done) => process.send!(done, () => process.disconnect()),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
  return true;
}

/** What stands in a ledger of what such processes acknowledge. */
export function actsIn({ events }: LedgerFile): string[] {
  return events.flatMap(({ event }) => {
    if (!event.known || event.body === null) return [];
    if (event.type === 'version.proposed') return [`proposed ${event.body.note}`];
    return event.type === 'revision.saved' ? [`saved ${event.header.refs.digest}`] : [];
  });
}
