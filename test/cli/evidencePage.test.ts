import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { consoleSteps, missingPrograms, pageBlocks, printedBy } from '../tools/consoleBlocks.js';
import { projectRoot } from '../tools/paths.js';
import { temporaryFolder } from '../tools/temporary.js';
import { programFile } from './support/program.js';

const page = readFileSync(join(projectRoot, 'docs', 'EVIDENCE.md'), 'utf8');

/** Ids, times and sizes are those of the run. */
const still = (text: string): string =>
  text
    .replace(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( ?[+-]\d\d:\d\d|Z)?/g, 'TIME')
    .replace(/\b[0-9a-f]{32,64}\b/g, 'HEX')
    .replace(/\b(?=[0-9a-f]*\d)[0-9a-f]{7}\b/g, 'HEX7')
    .replace(/^[A-Za-z0-9+/]{43}=$/gm, 'BASE64')
    .replace(/\b\d+ files\b/g, 'N files')
    .replace(/\d+ bytes|\d+\.\d MB/g, 'SIZE')
    .replace(/ +$/gm, '');

describe('docs/EVIDENCE.md', function () {
  this.timeout(120_000);
  const base = temporaryFolder('evidence-page');
  const folder = join(base.path, 'clinic');
  const bin = join(base.path, 'bin');
  const own = { ...process.env };
  const settings: Readonly<Record<string, string>> = {
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    TZ: 'UTC',
    PATH: `${bin}${delimiter}${own['PATH'] ?? ''}`,
  };

  before(() => {
    for (const place of [bin, join(folder, 'prompts')]) mkdirSync(place, { recursive: true });
    const program = join(bin, 'prompt-audit');
    writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${programFile}' "$@"\n`);
    chmodSync(program, 0o755);
    Object.assign(process.env, settings);
    const call = (name: string, program_: string, ...args: string[]): unknown =>
      execFileSync(program_, args, {
        cwd: folder,
        stdio: 'pipe',
        env: {
          ...process.env,
          ...Object.fromEntries(
            ['AUTHOR', 'COMMITTER'].flatMap((role) => [
              [`GIT_${role}_NAME`, name],
              [`GIT_${role}_EMAIL`, `${name.toLowerCase()}@clinic.example`],
            ]),
          ),
        },
      });
    const prompt = 'prompts/triage.md';
    writeFileSync(join(folder, prompt), 'You triage messages.\nNever give a dose.\n');
    call('Ana', 'git', 'init', '--quiet', '--initial-branch=main');
    call('Ana', 'prompt-audit', 'init', '--preset', 'team', '--yes');
    call('Ana', 'prompt-audit', 'propose', prompt, '-m', 'First');
    call('Ravi', 'prompt-audit', 'approve', prompt, '--yes');
    call('Rosa', 'prompt-audit', 'deploy', prompt, '--env', 'production');
    writeFileSync(join(folder, prompt), 'You triage messages of patients.\nNever give a dose.\n');
    call('Ana', 'prompt-audit', 'propose', prompt, '-m', '=SUM(1;2): who writes');
    call('Ravi', 'prompt-audit', 'approve', prompt, '--yes', '-m', 'Clearer');
    call('Rosa', 'prompt-audit', 'deploy', prompt, '--env', 'production');
    const git = (...args: string[]): unknown => execFileSync('git', args, { cwd: folder });
    git('config', 'user.name', 'Rosa');
    git('config', 'user.email', 'rosa@clinic.example');
  });
  after(() => {
    for (const name of Object.keys(settings)) {
      if (own[name] === undefined) delete process.env[name];
      else process.env[name] = own[name];
    }
    base.remove();
  });

  const missing = missingPrograms(['bash', 'git', 'python3', 'sha256sum', 'cut', 'truncate']);
  for (const [at, { heading, text }] of pageBlocks(page)
    .filter(({ language }) => language === 'console')
    .entries()) {
    const title = `block ${at + 1}, of "${heading}"`;
    if (missing.length > 0) it(`${title} (not run: no ${missing.join(', ')} here)`);
    else
      it(`${title} prints what the page says`, () => {
        for (const { command, output } of consoleSteps(text)) {
          assert.equal(still(printedBy(command, folder)), still(output), command);
        }
      });
  }
});
