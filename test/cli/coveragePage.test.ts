import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { consoleSteps, missingPrograms, pageBlocks, printedBy } from '../tools/consoleBlocks.js';
import { projectRoot } from '../tools/paths.js';
import { temporaryFolder } from '../tools/temporary.js';
import { programFile } from './support/program.js';

describe('docs/COVERAGE.md', function () {
  this.timeout(120_000);
  const page = readFileSync(join(projectRoot, 'docs', 'COVERAGE.md'), 'utf8');
  const blocks = pageBlocks(page).filter(({ language }) => language === 'console');
  const base = temporaryFolder('coverage-page');
  const folder = join(base.path, 'demo');
  const bin = join(base.path, 'bin');
  const own = { ...process.env };
  /** So that commits have the ids that the page shows. */
  const settings: Readonly<Record<string, string>> = {
    GIT_AUTHOR_NAME: 'Ana',
    GIT_AUTHOR_EMAIL: 'ana@clinic.example',
    GIT_AUTHOR_DATE: '2026-11-21T05:12:33Z',
    GIT_COMMITTER_NAME: 'Ana',
    GIT_COMMITTER_EMAIL: 'ana@clinic.example',
    GIT_COMMITTER_DATE: '2026-11-21T05:12:33Z',
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
    Object.assign(process.env, settings);
  });
  after(() => {
    for (const name of Object.keys(settings)) {
      if (own[name] === undefined) delete process.env[name];
      else process.env[name] = own[name];
    }
    base.remove();
  });

  it('shows each state, each exit status, and the recorder', () => {
    const text = blocks.map((block) => block.text).join('');
    for (const said of [
      'imported',
      'observed',
      'pending',
      'missing',
      'status 0',
      'status 1',
      'recorder',
    ])
      assert.ok(text.includes(said), said);
  });

  const missing = missingPrograms(['bash', 'git', 'python3', 'sed', 'awk']);
  // What one block leaves in the folder, the next ones need, so they run in order and all or none.
  for (const [at, { heading, text }] of blocks.entries()) {
    const title = `block ${at + 1}, of "${heading}"`;
    if (missing.length > 0) it(`${title} (not run: no ${missing.join(', ')} here)`);
    else
      it(`${title} prints what the page says`, () => {
        for (const { command, output } of consoleSteps(text))
          assert.equal(printedBy(command, folder), output, command);
      });
  }
});
