import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { git } from '../git.js';
import type { Measured } from './child.js';
import { timed } from './samples.js';

/** What a team does without this program: one commit of a changed prompt for each line that it is given. */
export async function commitEach(folder: string): Promise<Measured> {
  const repository = path.join(folder, '..', 'commits');
  mkdirSync(repository);
  git(repository, 'init', '--quiet', '--initial-branch=main', '.');
  git(repository, 'config', 'user.name', 'Bench');
  git(repository, 'config', 'user.email', 'bench@clinic.example');
  const file = path.join(repository, 'prompt.md');
  writeFileSync(file, 'begin\n');
  git(repository, 'add', '--all');
  git(repository, 'commit', '--quiet', '--message=begin');
  for await (const line of createInterface({ input: process.stdin })) {
    writeFileSync(file, `round ${line}\n`);
    console.log(
      await timed(() => git(repository, 'commit', '--quiet', '--all', '--message=round')),
    );
  }
  return {};
}
