import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { missingPrograms } from '../tools/consoleBlocks.js';
import { projectRoot } from '../tools/paths.js';
import { GateWorld, letter } from './support/gateWorld.js';
import { programFile } from './support/program.js';
import type { Clone } from './support/world.js';

const missing = missingPrograms(['git']);

describe('the hook of a server, against whoever may push', function () {
  this.timeout(120_000);
  if (missing.length > 0) {
    it(`(not run: no ${missing.join(', ')} here)`);
    return;
  }
  let at: GateWorld;
  let tools = '';
  before(async () => {
    at = await GateWorld.begin('gate-server');
    tools = path.join(at.world.path, 'program');
    mkdirSync(tools);
    for (const file of ['cli.js', 'sql-wasm.wasm'])
      copyFileSync(path.join(path.dirname(programFile), file), path.join(tools, file));
    at.branch('evil');
    at.ada.write(letter, 'Letter, denied.\n');
    at.push();
    install(at.remote);
  });
  after(() => at.end());

  const install = (remote: string): void => {
    const hook = path.join(remote, 'hooks', 'pre-receive');
    const text = readFileSync(path.join(projectRoot, 'docs/ci/pre-receive'), 'utf8');
    mkdirSync(path.dirname(hook), { recursive: true });
    writeFileSync(hook, text.replace('/opt/prompt-audit', tools));
    chmodSync(hook, 0o755);
  };
  const push = (
    from: Clone,
    refs: readonly string[],
    more: Readonly<Record<string, string>> = {},
  ): { readonly status: number | null; readonly said: string } => {
    const { status, stderr } = spawnSync('git', ['push', 'origin', ...refs], {
      cwd: from.folder,
      env: { ...from.env, ...more },
      encoding: 'utf8',
    });
    return { status, said: stderr };
  };
  const server = (...args: string[]): string =>
    execFileSync('git', args, { cwd: at.remote, encoding: 'utf8' }).trim();
  const refused = (refs: readonly string[], why: RegExp, more = {}): void => {
    const before = server('for-each-ref');
    const { status, said } = push(at.ada, refs, more);
    assert.notEqual(status, 0, said);
    assert.match(said, why);
    assert.equal(server('for-each-ref'), before);
  };

  it('takes no replacement of objects, and follows none that is there', () => {
    const tip = server('rev-parse', 'refs/heads/main');
    const evil = at.ada.git('rev-parse', 'evil').trim();
    refused([`evil:refs/replace/${tip}`], /would exchange objects/);
    // Where an older hook took one: what is replaced looks like an ancestor of anything.
    at.ada.git('switch', '--quiet', '--orphan', 'other');
    at.ada.git('commit', '--quiet', '--allow-empty', '--message=Other');
    at.ada.git('push', '--quiet', 'origin', 'HEAD');
    const other = at.ada.git('rev-parse', 'HEAD').trim();
    const made = execFileSync(
      'git',
      ['commit-tree', `${other}^{tree}`, '-p', tip, '-m', 'Seems to follow'],
      { cwd: at.remote, env: at.ada.env, encoding: 'utf8' },
    ).trim();
    server('update-ref', `refs/replace/${other}`, made);
    refused(['+other:main'], /history of main may not be replaced/);
    server('update-ref', '-d', `refs/replace/${other}`);
    assert.notEqual(tip, evil);
  });

  it('protects a branch also where a tag has its name', () => {
    assert.equal(push(at.ada, ['evil:refs/tags/main']).status, 0);
    refused(['evil:refs/heads/main'], /main was not changed/);
    refused([':refs/heads/main'], /may not be deleted/);
    server('update-ref', '-d', 'refs/tags/main');
  });

  it('changes no branch where HEAD names none that is there', () => {
    const hint = /names .*which is not there.*symbolic-ref HEAD/;
    server('symbolic-ref', 'HEAD', 'refs/heads/trunk');
    refused(['evil:main'], hint);
    refused(['evil:main'], hint, { PROMPT_AUDIT_PROTECTED: 'main' });
    server('update-ref', '--no-deref', 'HEAD', server('rev-parse', 'refs/heads/main'));
    refused(['evil:main'], hint);
    server('symbolic-ref', 'HEAD', 'refs/heads/main');
    refused(['evil:main'], /main was not changed \(see above\)/);
  });

  it('protects the branch that the policy names', async () => {
    const file = '.prompt-audit/policy.jsonc';
    const young = at.world.remote('named.git');
    const ada = at.world.clone(young, 'named', { name: 'Ada', email: 'ada@clinic.example' });
    install(young);
    ada.git('switch', '--quiet', '--create', 'main');
    ada.write(letter, 'First.\n');
    await ada.ok('init', '--yes');
    const text = ada.read(file).toString('utf8');
    ada.write(file, text.replace(/"version": 1,/, '$&\n "protectedBranch" :\n "release/1",'));
    ada.git('add', '--all');
    ada.git('commit', '--quiet', '--message=First');
    assert.equal(push(ada, ['main']).status, 0);
    const { status, said } = push(ada, ['main:release/1']);
    assert.notEqual(status, 0);
    assert.match(said, /release\/1 was not changed/);
    assert.equal(push(ada, ['main:work']).status, 0);
  });
});
