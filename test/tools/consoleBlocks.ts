import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A fenced block of a page of the documentation. */
export interface PageBlock {
  /** Of the nearest heading above it. */
  readonly heading: string;
  readonly language: string;
  /** What is between the fences; ends with a newline. */
  readonly text: string;
}

/** A line of a console block that begins with `$ `, and what the page says that it prints. */
export interface ConsoleStep {
  readonly command: string;
  readonly output: string;
}

/** All fenced blocks that name a language, in the order of the page. */
export function pageBlocks(page: string): readonly PageBlock[] {
  let heading = '';
  const blocks: PageBlock[] = [];
  for (const [, title, language, text] of page.matchAll(
    /^#+ (.*)$|^```([a-z]+)\n([\s\S]*?)^```$/gm,
  )) {
    if (title !== undefined) heading = title;
    else blocks.push({ heading, language: language!, text: text! });
  }
  return blocks;
}

export function consoleSteps(block: string): readonly ConsoleStep[] {
  return [...block.matchAll(/^\$ (.*)\n((?:(?!\$ ).*\n)*)/gm)].map(([, command, output]) => ({
    command: command!,
    output: output!,
  }));
}

/** What bash prints on both outputs; the status is not looked at, as a page can show it with `echo $?`. */
export function printedBy(command: string, cwd: string): string {
  const { stdout, error } = spawnSync('bash', ['-c', `exec 2>&1\n${command}`], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8', PYTHONDONTWRITEBYTECODE: '1' },
  });
  if (error !== undefined) throw error;
  return stdout;
}

/** Which of the programs are not on the PATH. */
export function missingPrograms(names: readonly string[]): readonly string[] {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return names.filter((name) => !folders.some((folder) => isProgram(join(folder, name))));
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
