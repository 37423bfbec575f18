import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LedgerPoint } from '../../src/core/rows.js';
import { readLedgerFile, type LedgerFile } from '../../src/ledger/sqliteFile.js';
import { bareName, type Team } from './team.js';

/** What a clone ends with. */
interface Outcome {
  readonly point: LedgerPoint;
  /** SHA-256 of ledger.sqlite. */
  readonly file: string;
  /** The number and event of every version of every prompt. */
  readonly versions: readonly string[];
}

/**
 * Syncs every clone, and holds all of them to the same checkpoint, bytes and version numbers, to what the
 * remote has, and to writers' counters without a gap. Gives the events that all have.
 */
export async function assertSame(team: Team): Promise<LedgerFile> {
  const outcomes: Outcome[] = [];
  for (const name of team.names) outcomes.push(await outcomeOf(team, name));
  for (const [i, outcome] of outcomes.entries())
    assert.deepEqual(outcome, outcomes[0], `${team.names[i]} differs from ${team.names[0]}`);
  const { clinic } = team;
  const text = clinic.git(bareName, 'rev-parse', 'prompt-audit:ledger.sqlite');
  const [first = ''] = team.names;
  const file = ledgerFileOf(team, first);
  assert.equal(text, clinic.git(first, 'hash-object', '--no-filters', file));
  const merges = clinic.git(bareName, 'rev-list', '--count', '--min-parents=2', 'prompt-audit');
  assert.equal(merges, '0');
  const ledger = await readLedgerFile(readFileSync(file), { full: true });
  assert.deepEqual(ledger.findings, []);
  assertCounters(ledger);
  return ledger;
}

async function outcomeOf(team: Team, name: string): Promise<Outcome> {
  const warnings: string[] = [];
  const warn = (text: string): void => void warnings.push(text);
  const trail = await team.clinic.open(name, { autoSync: false, warn });
  const report = await trail.sync();
  assert.equal(report.sent, 0, `${name} had events left`);
  const { findings } = await trail.verify();
  assert.deepEqual([findings, warnings], [[], []], name);
  const status = await trail.status();
  assert.deepEqual([status.unsent, status.syncProblem], [0, null], name);
  const paths = status.prompts.filter((row) => row.latest !== null).map((row) => row.path);
  const versions = await Promise.all(paths.map((path) => trail.versions(path)));
  await trail.close();
  return {
    point: report.point,
    file: createHash('sha256')
      .update(readFileSync(ledgerFileOf(team, name)))
      .digest('hex'),
    versions: versions.flat().map((row) => `${row.path} v${row.number} ${row.id}`),
  };
}

const ledgerFileOf = (team: Team, name: string): string =>
  join(team.clinic.folder, name, '.prompt-audit', 'ledger.sqlite');

/** Every writer's events are numbered 1, 2, 3, … and none stands twice. */
function assertCounters({ events }: LedgerFile): void {
  const ids = events.map(({ event }) => event.id);
  assert.equal(new Set(ids).size, ids.length, 'an event stands twice');
  const counters = new Map<string, number[]>();
  for (const { event } of events) {
    const { writer, n } = event.header;
    counters.set(writer, [...(counters.get(writer) ?? []), n]);
  }
  for (const numbers of counters.values())
    assert.deepEqual(
      numbers.sort((a, b) => a - b),
      numbers.map((_, at) => at + 1),
    );
}
