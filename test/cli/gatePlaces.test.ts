import assert from 'node:assert/strict';
import { GateWorld, gateIn, letter, said } from './support/gateWorld.js';

const strict = 'prompts/high/letter.prompt.md';

describe('gate, and rules by path', function () {
  this.timeout(120_000);
  let at: GateWorld;
  beforeEach(async () => {
    at = await GateWorld.begin('gate-places', (text) =>
      text.replace(
        /"version": 1,/,
        '$& "rules": [{"name": "strict", "paths": ["prompts/high/**"], "approvals": {"required": 2}}],',
      ),
    );
  });
  afterEach(() => at.end());

  const judge = async (status: number, ...more: string[]): Promise<string[]> => {
    const { ended, answer } = await gateIn(at.ada, ...more);
    assert.equal(ended.status, status, said(answer).join('\n'));
    return said(answer);
  };
  const move = (from: string, to: string): void => {
    at.ada.write(`${to}.folder`, '');
    at.ada.git('mv', from, to);
    at.ada.git('commit', '--quiet', '--message=Move');
  };

  it('judges by the path of the file, wherever its text was proposed', async () => {
    // A prompt that stands at a strict place of main, approved by two.
    at.branch('setup');
    const rosa = at.world.clone(at.remote, 'rosa', { name: 'Rosa', email: 'rosa@clinic.example' });
    at.ada.write('prompts/high/x.prompt.md', 'Strict, first.\n');
    await at.approve('prompts/high/x.prompt.md');
    await rosa.ok('approve', 'prompts/high/x.prompt.md', '--yes');
    at.push();
    at.ada.git('push', '--quiet', 'origin', 'setup:main');
    at.ada.git('fetch', '--quiet', 'origin');
    at.branch('throwaway');
    move('prompts/high/x.prompt.md', 'prompts/x.prompt.md');
    at.ada.write('prompts/x.prompt.md', 'Strict, first. And evil.\n');
    at.push();
    await at.approve('prompts/x.prompt.md');
    at.branch('in');
    at.ada.write('prompts/high/x.prompt.md', 'Strict, first. And evil.\n');
    at.push();
    const rows = await judge(1, '--base=main');
    assert.match(rows.join('\n'), /^deny changed prompts\/high\/x\.prompt\.md .*approval\.missing/);
  });

  it('judges main as it is, whatever somebody renames elsewhere', async () => {
    at.branch('elsewhere');
    move(letter, strict);
    at.push();
    await at.ada.ok('sync');
    await at.ada.ok('record');
    await at.ada.ok('sync');
    at.ada.git('switch', '--quiet', '--detach', 'origin/main');
    const rows = await judge(0, '--env=production');
    assert.ok(rows.includes(`allow present ${letter} v1`), rows.join('\n'));
  });

  it('knows a renamed prompt that another branch renamed before', async () => {
    at.branch('first');
    move(letter, 'prompts/first.prompt.md');
    at.push();
    await at.ada.ok('sync');
    await at.ada.ok('record');
    await at.ada.ok('sync');
    at.branch('second');
    at.ada.git('mv', letter, 'prompts/second.prompt.md');
    at.push();
    assert.deepEqual(await judge(0, '--base=main'), [
      `allow renamed ${letter} > prompts/second.prompt.md v1`,
    ]);
  });
});
