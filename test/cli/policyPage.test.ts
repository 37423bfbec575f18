import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'jsonc-parser';
import { checkPolicy } from '../../src/core/policyFile.js';
import { policyKeys } from '../../src/core/policyKeys.js';
import { pageBlocks } from '../tools/consoleBlocks.js';
import { itPrintsWhatItSays, pageDates, pageFolder, readPage } from './support/docPage.js';

const page = readPage('POLICY.md');
const policies = pageBlocks(page)
  .filter(({ language }) => language === 'jsonc')
  .map(({ text }) => text);

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
  const prepare = (folder: string): void => {
    for (const place of ['.prompt-audit', 'prompts/dosing'])
      mkdirSync(join(folder, place), { recursive: true });
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
  };
  const folder = pageFolder({ name: 'policy-page', settings: pageDates, prepare });

  /** Times are those of the run. */
  const still = (text: string): string =>
    text.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+00:00/g, '2026-11-21 05:12:33 +00:00');

  itPrintsWhatItSays(page, folder, ['bash', 'git', 'sed'], still);
});
