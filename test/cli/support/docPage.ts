import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { consoleSteps, missingPrograms, pageBlocks, printedBy } from '../../tools/consoleBlocks.js';
import { projectRoot } from '../../tools/paths.js';
import { temporaryFolder } from '../../tools/temporary.js';
import { programFile } from './program.js';

/** So that commits have the ids that a page shows. */
export const pageDates = {
  GIT_AUTHOR_DATE: '2026-11-21T05:12:33Z',
  GIT_COMMITTER_DATE: '2026-11-21T05:12:33Z',
};

export const pageAuthor = {
  GIT_AUTHOR_NAME: 'Ana',
  GIT_AUTHOR_EMAIL: 'ana@clinic.example',
  GIT_COMMITTER_NAME: 'Ana',
  GIT_COMMITTER_EMAIL: 'ana@clinic.example',
};

export const readPage = (name: string): string =>
  readFileSync(join(projectRoot, 'docs', name), 'utf8');

/** Where the blocks of a page are run. */
export interface PageWorld {
  /** Also the beginning of the folder's name. */
  readonly name: string;
  /** Variables besides those that every page is run with. */
  readonly settings: Readonly<Record<string, string>>;
  /** Variables that must not be set. */
  readonly absent?: readonly string[];
  /** Puts into the folder what the page takes for granted. */
  readonly prepare?: (folder: string) => void;
}

/** Registers in a `describe` that there is an empty folder, with `prompt-audit` on the PATH. Returns the folder. */
export function pageFolder({ name, settings, absent = [], prepare }: PageWorld): string {
  const base = temporaryFolder(name);
  const folder = join(base.path, 'demo');
  const bin = join(base.path, 'bin');
  const own = { ...process.env };
  const set: Readonly<Record<string, string>> = {
    ...settings,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    TZ: 'UTC',
    PATH: `${bin}${delimiter}${own['PATH'] ?? ''}`,
  };

  before(() => {
    for (const place of [folder, bin]) mkdirSync(place, { recursive: true });
    const program = join(bin, 'prompt-audit');
    writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${programFile}' "$@"\n`);
    chmodSync(program, 0o755);
    Object.assign(process.env, set);
    for (const one of absent) delete process.env[one];
    prepare?.(folder);
  });
  after(() => {
    for (const one of [...Object.keys(set), ...absent]) {
      if (own[one] === undefined) delete process.env[one];
      else process.env[one] = own[one];
    }
    base.remove();
  });
  return folder;
}

/**
 * Registers a test for each console block of a page: it prints what the page says. `still`: takes from both texts what
 * no two runs share.
 */
export function itPrintsWhatItSays(
  page: string,
  folder: string,
  programs: readonly string[],
  still = (text: string): string => text,
): void {
  const missing = missingPrograms(programs);
  const blocks = pageBlocks(page).filter(({ language }) => language === 'console');
  // What one block leaves in the folder, the next ones need, so they run in order and all or none.
  for (const [at, { heading, text }] of blocks.entries()) {
    const title = `block ${at + 1}, of "${heading}"`;
    if (missing.length > 0) it(`${title} (not run: no ${missing.join(', ')} here)`);
    else
      it(`${title} prints what the page says`, () => {
        for (const { command, output } of consoleSteps(text))
          assert.equal(still(printedBy(command, folder)), still(output), command);
      });
  }
}
