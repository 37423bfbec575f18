import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { gitEnvironment } from '../../tools/git.js';
import { projectRoot } from '../../tools/paths.js';

/** Runs the command line of the packed extension in a clone; gives what it prints. */
export function cli(folder: string, ...args: string[]): string {
  return execFileSync(process.execPath, [path.join(projectRoot, 'dist/cli.js'), ...args], {
    cwd: folder,
    env: { ...process.env, ...gitEnvironment },
    encoding: 'utf8',
  });
}
