import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import { GateWorld, gateIn, letter, said, triage } from './support/gateWorld.js';

describe('gate --base', function () {
  this.timeout(120_000);
  let at: GateWorld;
  before(async () => {
    at = await GateWorld.begin('gate');
  });
  after(() => at.end());

  /** What the gate says in Ada's clone of what she pushed on a branch. */
  const judge = async (status: number, ...more: string[]): Promise<string[]> => {
    const { ended, answer } = await gateIn(at.ada, '--base', 'main', ...more);
    assert.equal(ended.status, status, said(answer).join('\n'));
    return said(answer);
  };

  it('allows a change that is approved, and says by what it judged', async () => {
    at.branch('approved');
    at.ada.write(triage, 'Triage, second.\n');
    await at.approve(triage);
    at.push();
    const { ended, answer } = await gateIn(at.ada, '--base', 'main');
    assert.equal(ended.status, 0);
    assert.deepEqual(said(answer), [`allow changed ${triage} v2`]);
    const { files, prompts, allowed, denied, unknown, active, leftOut } = answer.counts;
    assert.deepEqual(
      { files, prompts, allowed, denied, unknown, active, leftOut },
      { files: 1, prompts: 1, allowed: 1, denied: 0, unknown: 0, active: 0, leftOut: 0 },
    );
    const more = answer as unknown as Record<string, Record<string, unknown>>;
    assert.equal(more['checkpoint']!['size'], answer.ledger!.size);
    assert.match(String(more['checkpoint']!['origin']), /^prompt-audit\/[0-9a-f]{32}$/);
    assert.equal(more['policy']!['branch'], 'main');
    assert.equal(more['policy']!['commit'], at.ada.git('rev-parse', 'origin/main').trim());
    assert.equal(answer.rows[0]!.approvers[0]!.name, 'Ravi Reviewer');

    const { out } = await at.ada.run('gate', '--base', 'main');
    assert.match(out, /^Note: Trust level L2: .* without signatures\.$/m);
    assert.match(out, /^VERDICT +CHANGE +VERSION +DIGEST +ORDER +APPROVED BY +PROMPT\nallow /);
    assert.match(
      out,
      /1 prompt judged \(1 file that \w{12} changes since \w{12}\): 1 allowed, 0 denied/,
    );
    assert.match(out, /^Checkpoint: prompt-audit\/\w{32} \d+ \S{44}$/m);
    assert.match(out, /^Rules: policy \w{7} of main, commit \w{12}, from origin\.$/m);
  });

  it('denies what nobody proposed, and what nobody approved', async () => {
    at.branch('waiting');
    at.ada.write(triage, 'Triage, third.\n');
    at.ada.write('prompts/new.prompt.md', 'New.\n');
    at.push();
    assert.deepEqual(await judge(1), [
      'deny added prompts/new.prompt.md -: prompt.unregistered',
      `deny changed ${triage} -: bytes.unknown`,
    ]);
    await at.ada.ok('record');
    await at.ada.ok('sync');
    await at.propose(triage);
    const rows = await judge(1);
    assert.equal(rows[0], 'deny added prompts/new.prompt.md -: bytes.unproposed');
    assert.match(rows[1]!, /^deny changed prompts\/triage\.prompt\.md v\d+: approval\.missing/);
  });

  it('denies a text that is approved for another prompt only', async () => {
    at.branch('copied');
    at.ada.write(letter, at.ada.read(triage));
    at.push();
    assert.deepEqual(await judge(1), [`deny changed ${letter} -: bytes.unknown bytes.elsewhere`]);
  });

  it('denies what a merge made of two approved versions', async () => {
    const lines = ['one', 'two', 'three', 'four', 'five', 'six', 'seven'];
    const text = (first: string, last: string): string =>
      `${[first, ...lines.slice(1, -1), last].join('\n')}\n`;
    at.branch('base');
    at.ada.write('prompts/merged.prompt.md', text('one', 'seven'));
    await at.approve('prompts/merged.prompt.md');
    at.push();
    for (const [name, first, last] of [
      ['left', 'ONE', 'seven'],
      ['right', 'one', 'SEVEN'],
    ] as const) {
      at.ada.git('switch', '--quiet', '--force-create', name, 'base');
      at.ada.write('prompts/merged.prompt.md', text(first, last));
      await at.approve('prompts/merged.prompt.md');
      at.push();
    }
    at.ada.git('merge', '--quiet', '--message=Both', 'left');
    at.push();
    const { answer } = await gateIn(at.ada, '--base', 'base');
    assert.deepEqual(said(answer), ['deny changed prompts/merged.prompt.md -: bytes.unknown']);
  });

  it('allows old bytes by the version that was approved', async () => {
    at.branch('newer');
    at.ada.write(letter, 'Write a letter, kindly.\n');
    await at.approve(letter);
    at.push();
    at.ada.git('switch', '--quiet', '--create', 'reverted');
    at.ada.write(letter, 'Write a letter.\n');
    at.push();
    const { answer } = await gateIn(at.ada, '--base', 'newer');
    assert.deepEqual(said(answer), [`allow changed ${letter} v1`]);
  });

  it('follows a prompt that is renamed, and lets none be renamed away', async () => {
    at.branch('renamed');
    at.ada.git('mv', letter, 'prompts/note.prompt.md');
    at.push();
    assert.deepEqual(await judge(0), [`allow renamed ${letter} > prompts/note.prompt.md v1`]);
    at.branch('hidden');
    at.ada.git('mv', letter, 'letter.txt');
    at.push();
    assert.deepEqual(await judge(1), [`deny renamed ${letter} > letter.txt -: file.untracked`]);
  });

  it('shows what is deleted, and is not deceived by links and submodules', async () => {
    at.branch('deleted');
    at.ada.git('rm', '--quiet', letter);
    at.push();
    assert.deepEqual(await judge(0), [`allow deleted ${letter} -: file.deleted`]);
    at.branch('linked');
    at.ada.git('rm', '--quiet', '-r', 'prompts');
    symlinkSync('/srv/texts', at.ada.path('prompts'));
    at.push();
    const rows = await judge(1);
    for (const prompt of [letter, triage])
      assert.ok(rows.includes(`deny changed ${prompt} -: file.link`), rows.join('\n'));
    at.branch('link');
    at.ada.git('rm', '--quiet', letter);
    symlinkSync('../README.md', at.ada.path(letter));
    at.push();
    assert.deepEqual(await judge(1), [`deny changed ${letter} -: file.link`]);
    at.branch('submodule');
    at.ada.git('rm', '--quiet', '-r', 'prompts');
    at.ada.git('commit', '--quiet', '--message=Gone');
    const head = at.ada.git('rev-parse', 'HEAD').trim();
    at.ada.git('update-index', '--add', '--cacheinfo', `160000,${head},prompts`);
    at.ada.git('commit', '--quiet', '--message=Elsewhere');
    at.ada.git('push', '--quiet', 'origin', 'HEAD');
    assert.deepEqual(await judge(1), [
      'deny present prompts -: file.link',
      `deny changed ${letter} -: file.link`,
      `deny changed ${triage} -: file.link`,
    ]);
    at.ada.git('reset', '--quiet', '--hard', 'origin/main');
  });

  it('tells changes of the rules, and lets none take a prompt away', async () => {
    const file = '.prompt-audit/policy.jsonc';
    at.branch('rules');
    const text = at.ada.read(file).toString('utf8');
    at.ada.write(file, text.replace(/"version": 1,/, '$& // still\n'));
    at.ada.write('.github/CODEOWNERS', '* @somebody\n');
    at.push();
    assert.deepEqual(await judge(0), [
      'allow policy .github/CODEOWNERS -: policy.changed',
      `allow policy ${file} -: policy.changed`,
    ]);
    at.branch('untracked');
    at.ada.write(file, text.replace(/("include": \[)[^\]]*\]/, '$1"**/triage*"]'));
    at.ada.write(letter, 'Anything.\n');
    at.push();
    const rows = await judge(1);
    assert.deepEqual(rows, [
      `deny untracked ${letter} -: file.untracked`,
      `deny changed ${letter} -: bytes.unknown`,
      `allow policy ${file} -: policy.changed`,
    ]);
    for (const broken of ['{', text.replace(/"ledger": "\w+"/, `"ledger": "${'0'.repeat(32)}"`)]) {
      at.branch('broken');
      at.ada.write(file, broken);
      at.push();
      assert.ok((await judge(1)).includes(`deny policy ${file} -: policy.broken`));
    }
    at.branch('none');
    at.ada.git('rm', '--quiet', file);
    at.push();
    assert.deepEqual(await judge(1), [`deny policy ${file} -: policy.broken`]);
    at.branch('after');
  });

  it('judges by the rules of the place that a prompt is renamed to', async () => {
    const file = '.prompt-audit/policy.jsonc';
    const strict = await GateWorld.begin('gate-strict', (text) =>
      text.replace(
        /"version": 1,/,
        '$& "rules": [{"name": "strict", "paths": ["prompts/high/**"], "approvals": {"required": 2}}],',
      ),
    );
    try {
      assert.match(strict.ada.read(file).toString('utf8'), /strict/);
      strict.branch('up');
      strict.ada.write('prompts/high/.keep', '');
      strict.ada.git('mv', letter, 'prompts/high/letter.prompt.md');
      strict.push();
      const { ended, answer } = await gateIn(strict.ada, '--base', 'main');
      assert.equal(ended.status, 1);
      assert.match(said(answer)[0]!, /^deny renamed .* v1: approval\.missing/);
    } finally {
      strict.end();
    }
  });

  it('says of how much it found nothing to judge', async () => {
    at.branch('other');
    at.ada.write('README.md', 'More.\n');
    at.push();
    assert.deepEqual(await judge(0), []);
    const { out } = await at.ada.run('gate', '--base', 'main');
    assert.match(out, /^0 prompts judged \(1 file that/);
  });

  it('judges only what --prompt names, and counts the rest', async () => {
    at.branch('some');
    at.ada.write(triage, 'Triage, some.\n');
    at.ada.write(letter, 'Letter, some.\n');
    at.push();
    const { ended, answer } = await gateIn(at.ada, '--base=main', '--prompt=**/letter*');
    assert.equal(ended.status, 1);
    assert.deepEqual(said(answer), [`deny changed ${letter} -: bytes.unknown`]);
    assert.equal(answer.counts['leftOut'], 1);
  });

  it('takes names of files as they are', async () => {
    at.branch('names');
    const odd = [
      'prompts/a\n::error::x.prompt.md',
      'prompts/-n.prompt.md',
      'prompts/ä "b".prompt.md',
    ];
    for (const name of odd) at.ada.write(name, `${name}\n`);
    at.push();
    assert.deepEqual(
      await judge(1),
      odd.toSorted().map((name) => `deny added ${name} -: prompt.unregistered`),
    );
  });

  it('hides no file behind another whose name is not UTF-8 either', async () => {
    at.branch('bytes');
    // Both would be shown alike.
    const index = ['\\376', '\\377'].map((byte) => {
      const blob = at.ada.git('rev-parse', `HEAD:${triage}`).trim();
      return `printf '100644 ${blob}\\tprompts/${byte}.prompt.md\\n'`;
    });
    execFileSync('sh', ['-c', `(${index.join(';')}) | git update-index --index-info`], {
      cwd: at.ada.folder,
      env: at.ada.env,
    });
    at.ada.git('commit', '--quiet', '--message=Bytes');
    at.ada.git('push', '--quiet', '--force', 'origin', 'HEAD');
    assert.deepEqual(await judge(1), [
      'deny added prompts/\\xfe.prompt.md -: prompt.unregistered bytes.elsewhere',
      'deny added prompts/\\xff.prompt.md -: prompt.unregistered bytes.elsewhere',
    ]);
    at.ada.git('reset', '--quiet', '--hard', 'origin/main');
  });

  it('lets no file have the name of a prompt in other letters', async () => {
    at.branch('case');
    const blob = at.ada.git('rev-parse', `HEAD:${triage}`).trim();
    at.ada.git('update-index', '--add', '--cacheinfo', `100644,${blob},PROMPTS/other.txt`);
    at.ada.git('commit', '--quiet', '--message=Case');
    at.ada.git('push', '--quiet', '--force', 'origin', 'HEAD');
    const wanted = [letter, triage].map((path) => `deny present ${path} -: file.collides`);
    assert.deepEqual(await judge(1), wanted);
    at.ada.git('reset', '--quiet', '--hard', 'origin/main');
  });

  it('takes the full name of a ref for that one only, and lets no change move the protection', async () => {
    at.branch('named');
    at.ada.git('tag', 'refs/heads/nowhere', 'HEAD');
    assert.equal((await at.ada.run('gate', '--base=main', '--head=refs/heads/nowhere')).status, 3);
    const file = '.prompt-audit/policy.jsonc';
    const text = at.ada.read(file).toString('utf8');
    at.ada.write(file, text.replace(/"version": 1,/, '$& "protectedBranch": "named",'));
    at.push();
    assert.deepEqual(await judge(1), [`deny policy ${file} -: policy.moved`]);
  });

  it('records nothing, and leaves no file', async () => {
    at.branch('clean');
    const before = at.ada.git('for-each-ref');
    const remote = at.ada.git('ls-remote', 'origin');
    const { answer } = await gateIn(at.ada, '--base', 'main');
    const again = await gateIn(at.ada, '--base', 'main');
    assert.equal(again.answer.ledger!.root, answer.ledger!.root);
    const { answer: offline } = await gateIn(at.ada, '--base', 'main', '--no-fetch');
    assert.equal(offline.ledger!.root, answer.ledger!.root);
    assert.match(offline.caveats.join(), /Nothing was fetched/);
    assert.equal(at.ada.git('for-each-ref'), before);
    assert.equal(at.ada.git('ls-remote', 'origin'), remote);
    assert.equal(at.ada.git('status', '--porcelain'), '');
  });
});
