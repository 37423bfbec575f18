import { execFileSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { initTrail, openTrail } from '../../../src/trail/openTrail.js';
import { generateWork } from '../generatedWork.js';
import { Helper, type Measured } from './child.js';
import { timedRow, type Row } from './row.js';
import { interleaved, timed } from './samples.js';

/** One commit in five changes a prompt, as in a program that has some. */
const commits = 10_000;
const rounds = 5;

/** An import of a history, against `git log --raw` and `git cat-file --batch` over the same files. */
export async function importRows(below: string): Promise<Row[]> {
  const folder = path.join(below, 'import');
  generateWork({ folder, commits, seed: 1 });
  const ours = new Helper(process.execPath, 'import-each', [folder]);
  const plain = new Helper(process.execPath, 'git-log', [folder]);
  const taken = await interleaved(rounds, {
    ours: (round) => ours.ask(String(round)),
    git: (round) => plain.ask(String(round)),
  });
  await ours.end();
  await plain.end();
  const bar = { of: 'git', most: 2 } as const;
  const what = 'import of a history, per commits';
  return [timedRow({ what, size: commits, ours: taken.ours, sides: { git: taken.git }, bar })];
}

/** Imports into a new trail for each line that it is given; only the import counts. */
export async function importEach(folder: string): Promise<Measured> {
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === '') continue;
    const copy = `${folder}-${line}`;
    cpSync(folder, copy, { recursive: true });
    const options = { folder: copy, tool: 'bench/1', source: 'cli' } as const;
    await initTrail(options, { preset: 'team' });
    const trail = await openTrail(options);
    console.log(await timed(() => trail.importHistory()));
    await trail.close();
    rmSync(copy, { recursive: true });
  }
  return {};
}

/** What git alone takes to show the history, and to read the prompts of it. */
export async function logEach(folder: string): Promise<Measured> {
  const run = (args: readonly string[], input?: string): string =>
    execFileSync('git', args, { cwd: folder, input, encoding: 'latin1', maxBuffer: 2 ** 30 });
  const log = ['log', '--all', '--raw', '--no-abbrev', '--format=%H'];
  const prompts = /^:\d{6} \d{6} \w+ (\w+) \w+\t.*\.prompt\.md$/gm;
  const blobs = [...new Set([...run(log).matchAll(prompts)].map(([, id]) => id))].join('\n');
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === '') continue;
    console.log(
      await timed(() => {
        run(log);
        run(['cat-file', '--batch'], `${blobs}\n`);
      }),
    );
  }
  return {};
}
