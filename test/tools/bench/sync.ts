import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { openTrail } from '../../../src/trail/openTrail.js';
import { bigLedger } from '../bigLedger.js';
import { git } from '../git.js';
import { oneByOne } from '../growth.js';
import { Helper, type Measured } from './child.js';
import { timedRow, type Row } from './row.js';
import { interleaved, timed } from './samples.js';

/** A ledger of about 5 MB. */
const events = 5600;
const rounds = 20;

/** A sync of one event with a remote in a folder, against a commit and a push of the same file. */
export async function syncRows(below: string): Promise<Row[]> {
  const folder = path.join(below, 'sync');
  mkdirSync(folder);
  await bigLedger(folder, { events });
  addRemote(folder);
  // Each in a small process of its own: starting git takes longer the more memory the starter has.
  const ours = new Helper(process.execPath, 'sync-each', [folder]);
  const plain = new Helper(process.execPath, 'git-push', [folder]);
  const taken = await interleaved(rounds, {
    ours: (round) => ours.ask(String(round)),
    git: (round) => plain.ask(String(round)),
  });
  await ours.end();
  await plain.end();
  const bar = { of: 'git', most: 2 } as const;
  const sides = { git: taken.git };
  return [timedRow({ what: 'sync of one event', size: events, ours: taken.ours, sides, bar })];
}

/** Records an event and syncs for each line that it is given; only the sync counts. */
export async function syncEach(folder: string): Promise<Measured> {
  const trail = await openTrail({ folder, tool: 'bench/1', source: 'cli' });
  await trail.sync();
  const record = await oneByOne(folder);
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === '') continue;
    await record();
    await trail.refresh();
    console.log(await timed(() => trail.sync()));
  }
  await trail.close();
  return {};
}

/** What a team does without this program: commits the file and pushes it. */
export async function pushEach(folder: string): Promise<Measured> {
  const repository = `${folder}-pushed`;
  mkdirSync(repository);
  git(repository, 'init', '--quiet', '--initial-branch=main', '.');
  git(repository, 'config', 'user.name', 'Bench');
  git(repository, 'config', 'user.email', 'bench@clinic.example');
  addRemote(repository);
  const copy = (): void =>
    copyFileSync(
      path.join(folder, '.prompt-audit/ledger.sqlite'),
      path.join(repository, 'ledger.sqlite'),
    );
  copy();
  git(repository, 'add', '--all');
  git(repository, 'commit', '--quiet', '--message=begin');
  git(repository, 'push', '--quiet', 'origin', 'main');
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === '') continue;
    copy();
    console.log(
      await timed(() => {
        git(repository, 'commit', '--quiet', '--all', '--message=round');
        git(repository, 'push', '--quiet', 'origin', 'main');
      }),
    );
  }
  return {};
}

/** A bare repository beside a folder. */
function addRemote(folder: string): void {
  const bare = `${folder}-remote.git`;
  git(path.dirname(folder), 'init', '--quiet', '--bare', bare);
  git(folder, 'remote', 'add', 'origin', bare);
}
