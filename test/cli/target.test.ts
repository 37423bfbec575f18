import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { isPromptAuditError } from '../../src/core/errors.js';
import { promptPath, type PathContext } from '../../src/cli/paths.js';
import { targetOf } from '../../src/cli/target.js';
import type { Trail } from '../../src/trail/api.js';
import { temporaryFolder } from '../tools/temporary.js';
import { fakeVersion } from './support/fakeTrail.js';

describe('naming prompts and versions', () => {
  const folder = temporaryFolder('target');
  const root = path.join(folder.path, 'repo');
  const known = new Set(['gone/old.md']);
  const at = (cwd: string): PathContext => ({ cwd, root, known: async (one) => known.has(one) });
  const trail = { versions: async () => [fakeVersion()] } as unknown as Trail;

  before(() => {
    mkdirSync(path.join(root, 'prompts/deep'), { recursive: true });
    symlinkSync(root, path.join(folder.path, 'link'), 'junction');
    for (const file of ['prompts/a.md', 'prompts/team@home.md', 'prompts/a.md@v3', 'top.md']) {
      writeFileSync(path.join(root, file), 'x');
    }
  });
  after(() => folder.remove());

  const cases: [string, string, string][] = [
    ['', 'prompts/a.md', 'prompts/a.md'],
    ['', './prompts/../prompts/a.md', 'prompts/a.md'],
    ['prompts', 'a.md', 'prompts/a.md'],
    ['prompts', 'prompts/a.md', 'prompts/a.md'],
    ['prompts/deep', '../a.md', 'prompts/a.md'],
    ['prompts', 'top.md', 'top.md'],
    ['prompts', 'gone/old.md', 'gone/old.md'],
    ['prompts', 'new.md', 'prompts/new.md'],
  ];
  for (const [cwd, argument, meant] of cases) {
    it(`reads ${argument} in /${cwd} as ${meant}`, async () => {
      assert.equal(await promptPath(argument, at(path.join(root, cwd))), meant);
    });
  }

  it('follows links of folders, and takes absolute paths', async () => {
    const link = path.join(folder.path, 'link');
    assert.equal(await promptPath('a.md', at(path.join(link, 'prompts'))), 'prompts/a.md');
    const whole = path.join(link, 'prompts/a.md');
    assert.equal(await promptPath(whole, at(folder.path)), 'prompts/a.md');
  });

  it('refuses what lies outside', async () => {
    for (const argument of ['../x.md', '..', '/etc/passwd', '.']) {
      await assert.rejects(promptPath(argument, at(root)), (error) =>
        isPromptAuditError(error, 'path.outside'),
      );
    }
  });

  const names: [string, string, string | null, string][] = [
    ['prompts/a.md', 'prompts/a.md', null, 'prompts/a.md'],
    ['prompts/a.md@v2', 'prompts/a.md', 'v2', 'prompts/a.md@v2'],
    ['prompts/a.md@v12?', 'prompts/a.md', 'v12', 'prompts/a.md@v12'],
    ['prompts/a.md@3f9c21d', 'prompts/a.md', '3f9c21d', 'prompts/a.md@3f9c21d'],
    ['prompts/a.md@sha256:3f9c21d', 'prompts/a.md', '3f9c21d', 'prompts/a.md@3f9c21d'],
    ['prompts/team@home.md', 'prompts/team@home.md', null, 'prompts/team@home.md'],
    ['prompts/team@home.md@v1', 'prompts/team@home.md', 'v1', 'prompts/team@home.md@v1'],
    // The file exists, so it is no version of a.md.
    ['prompts/a.md@v3', 'prompts/a.md@v3', null, fakeVersion().id],
    ['prompts/a.md@v3@v1', 'prompts/a.md@v3', 'v1', 'prompts/a.md@v3@v1'],
    ['prompts/a.md@next', 'prompts/a.md@next', null, 'prompts/a.md@next'],
  ];
  for (const [argument, where, version, name] of names) {
    it(`reads ${argument} as a version`, async () => {
      assert.deepEqual(await targetOf(argument, at(root), trail), { path: where, version, name });
    });
  }
});
