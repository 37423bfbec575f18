import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { gateReasonTexts } from '../../src/core/gateReasons.js';
import { consoleSteps, missingPrograms, pageBlocks, printedBy } from '../tools/consoleBlocks.js';
import { projectRoot } from '../tools/paths.js';
import { temporaryFolder } from '../tools/temporary.js';
import { programFile } from './support/program.js';

describe('docs/GATE.md', function () {
  this.timeout(120_000);
  const page = readFileSync(join(projectRoot, 'docs', 'GATE.md'), 'utf8');
  const blocks = pageBlocks(page).filter(({ language }) => language === 'console');
  const base = temporaryFolder('gate-page');
  const folder = join(base.path, 'demo');
  const bin = join(base.path, 'bin');
  const own = { ...process.env };
  const settings: Readonly<Record<string, string>> = {
    GIT_AUTHOR_NAME: 'Ana',
    GIT_AUTHOR_EMAIL: 'ana@clinic.example',
    GIT_COMMITTER_NAME: 'Ana',
    GIT_COMMITTER_EMAIL: 'ana@clinic.example',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    TZ: 'UTC',
    PATH: `${bin}${delimiter}${own['PATH'] ?? ''}`,
  };
  /** Those of a host would change what is printed. */
  const absent = ['GITHUB_ACTIONS', 'GITHUB_STEP_SUMMARY'];

  before(() => {
    for (const place of [folder, bin]) mkdirSync(place, { recursive: true });
    const program = join(bin, 'prompt-audit');
    writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${programFile}' "$@"\n`);
    chmodSync(program, 0o755);
    Object.assign(process.env, settings);
    for (const name of absent) delete process.env[name];
  });
  after(() => {
    for (const name of [...Object.keys(settings), ...absent]) {
      if (own[name] === undefined) delete process.env[name];
      else process.env[name] = own[name];
    }
    base.remove();
  });

  it('names reasons that there are, and files that are there', () => {
    const codes = [...page.matchAll(/`((?:bytes|file|prompt)\.[a-z]+)`/g)].map(([, code]) => code!);
    assert.ok(codes.length >= 4);
    for (const code of codes) assert.ok(Object.hasOwn(gateReasonTexts, code), code);
    for (const [, file] of page.matchAll(/\]\(([^)#:]+)\)/g))
      assert.ok(existsSync(join(projectRoot, 'docs', file!)), file);
  });

  const missing = missingPrograms(['bash', 'git', 'python3', 'head']);
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
