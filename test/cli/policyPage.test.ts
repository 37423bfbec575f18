import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { parse } from 'jsonc-parser';
import { checkPolicy } from '../../src/core/policyFile.js';
import { policyKeys } from '../../src/core/policyKeys.js';
import { consoleSteps, missingPrograms, pageBlocks, printedBy } from '../tools/consoleBlocks.js';
import { projectRoot } from '../tools/paths.js';
import { temporaryFolder } from '../tools/temporary.js';
import { programFile } from './support/program.js';

const page = readFileSync(join(projectRoot, 'docs', 'POLICY.md'), 'utf8');
const blocks = pageBlocks(page);
const policies = blocks.filter(({ language }) => language === 'jsonc').map(({ text }) => text);

describe('the keys in docs/POLICY.md', () => {
  const [example = '', ...fragments] = policies;
  /** What the fragments take for granted. */
  const around = {
    roles: Object.fromEntries(
      ['reviewer', 'quality', 'security', 'release', 'compliance'].map((role) => [role, ['*']]),
    ),
    environments: { production: {} },
  };

  it('begins with a valid policy', () => {
    assert.deepEqual(checkPolicy(example).problems, []);
  });

  for (const fragment of fragments) {
    const [key = ''] = Object.keys(parse(`{${fragment}}`) as object);
    it(`has a valid example of ${key}`, () => {
      const whole = { ...around, ...(parse(`{${fragment}}`) as object) };
      assert.deepEqual(checkPolicy(JSON.stringify(whole)).problems, []);
    });
  }

  it('explains each key, and has an example of it', () => {
    const examples = fragments.join('\n');
    for (const key of new Set(Object.values(policyKeys).flat())) {
      assert.ok(page.includes(`\`${key}\``), `${key} is explained`);
      assert.ok(examples.includes(`"${key}"`), `${key} has an example`);
    }
  });
});

describe('docs/POLICY.md', function () {
  this.timeout(120_000);
  const base = temporaryFolder('policy-page');
  const folder = join(base.path, 'demo');
  const bin = join(base.path, 'bin');
  const own = { ...process.env };
  const settings: Readonly<Record<string, string>> = {
    // So that commits have the ids that the page shows.
    GIT_AUTHOR_DATE: '2026-11-21T05:12:33Z',
    GIT_COMMITTER_DATE: '2026-11-21T05:12:33Z',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    TZ: 'UTC',
    PATH: `${bin}${delimiter}${own['PATH'] ?? ''}`,
  };

  before(() => {
    for (const place of [
      folder,
      bin,
      join(folder, '.prompt-audit'),
      join(folder, 'prompts/dosing'),
    ])
      mkdirSync(place, { recursive: true });
    const program = join(bin, 'prompt-audit');
    writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${programFile}' "$@"\n`);
    chmodSync(program, 0o755);
    Object.assign(process.env, settings);
    writeFileSync(join(folder, '.prompt-audit/policy.jsonc'), policies[0]!);
    writeFileSync(join(folder, 'prompts/dosing/adult.md'), 'Doses for adults.\n');
    writeFileSync(join(folder, 'prompts/triage.md'), 'Ask for allergies.\n');
    const git = (...args: string[]): unknown => execFileSync('git', args, { cwd: folder });
    git('init', '--quiet', '--initial-branch=main');
    git('config', 'user.name', 'Ana');
    git('config', 'user.email', 'ana@clinic.example');
    git('add', '--all');
    git('commit', '--quiet', '--message', 'Policy');
    git('init', '--quiet', '--bare', '--initial-branch=main', '../remote.git');
    git('remote', 'add', 'origin', '../remote.git');
    git('push', '--quiet', '--set-upstream', 'origin', 'main');
    execFileSync('prompt-audit', ['init', '--preset', 'team'], { cwd: folder });
  });
  after(() => {
    for (const name of Object.keys(settings)) {
      if (own[name] === undefined) delete process.env[name];
      else process.env[name] = own[name];
    }
    base.remove();
  });

  /** Times are those of the run. */
  const still = (text: string): string =>
    text.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+00:00/g, '2026-11-21 05:12:33 +00:00');

  const missing = missingPrograms(['bash', 'git', 'sed']);
  for (const [at, { heading, text }] of blocks
    .filter(({ language }) => language === 'console')
    .entries()) {
    const title = `block ${at + 1}, of "${heading}"`;
    if (missing.length > 0) it(`${title} (not run: no ${missing.join(', ')} here)`);
    else
      it(`${title} prints what the page says`, () => {
        for (const { command, output } of consoleSteps(text))
          assert.equal(still(printedBy(command, folder)), still(output), command);
      });
  }
});
