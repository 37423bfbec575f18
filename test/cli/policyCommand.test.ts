import assert from 'node:assert/strict';
import type { PolicyRow } from '../../src/core/policyRows.js';
import type { WhatIfRow } from '../../src/core/policyWhatIf.js';
import type { PlacedFinding } from '../../src/cli/policyText.js';
import { assertFailed, envelopeOf } from './support/program.js';
import { reviewer, World, type Clone } from './support/world.js';

const prompt = 'prompts/greet.prompt.md';
const file = '.prompt-audit/policy.jsonc';

describe('policy', function () {
  this.timeout(60_000);
  const world = new World('policy');
  let ada: Clone;
  let ravi: Clone;

  before(async () => {
    ada = world.repository('repo');
    ravi = ada.as(reviewer);
    ada.write(prompt, 'Greet.\n');
  });
  after(() => world.remove());

  const changed = (from: string, to: string): string => {
    const text = ada.read(file).toString();
    assert.ok(text.includes(from));
    return text.replace(from, to);
  };

  it('lint says that there is none, and needs no ledger', async () => {
    assertFailed(await ada.run('policy', 'lint'), 2, /There is no .prompt-audit\/policy.jsonc/);
    ada.write(file, '{ "environments": { "qa": {} } }\n');
    const { out, status } = await ada.run('policy', 'lint');
    assert.deepEqual([out, status], [`${file}: nothing to say.\n`, 0]);
    assert.equal((await ada.run('policy', 'lint', 'nope.jsonc')).status, 3);
  });

  it('diff names all forms of a policy where it knows none by that name', async () => {
    const { err, status } = await ada.run('policy', 'diff', 'a', 'b');
    assert.match(err, /no policy "a": each is "working", "protected", digits of a digest .*a time/);
    assert.equal(status, 3);
    const { out } = await ada.run('help');
    const line = out.split('\n').find((one) => /^ +policy /.test(one));
    assert.ok(line !== undefined && line.length <= 110, line);
  });

  it('lint gives file, line and column of each finding, and how to put it right', async () => {
    ada.write('new.jsonc', '{\n  "aprovals": {},\n  "environments": { "qa": {} }\n}\n');
    const { out, status } = await ada.run('policy', 'lint', 'new.jsonc');
    assert.match(out, /^new\.jsonc:2:3: error: unknown key "aprovals"/);
    assert.match(out, /\n1 error, 0 warnings, 0 info\n$/);
    assert.equal(status, 1);
    const { rows, ledger, counts } = envelopeOf<PlacedFinding>(
      await ada.run('policy', 'lint', 'new.jsonc', '--json'),
    );
    assert.equal(ledger, null);
    assert.deepEqual([rows[0]?.line, rows[0]?.column, counts['errors']], [2, 3, 1]);
    assert.deepEqual(rows[0]?.fix?.edits, [{ offset: 4, length: 10, text: '"approvals"' }]);
  });

  it('show prints who may do what by the adopted one, or its exact text', async () => {
    await ada.run('init', '--yes');
    const { rows } = await ada.json<PolicyRow>('policy', 'show', '--all');
    assert.deepEqual(
      rows.map(({ source, protection, until }) => [source, protection, until]),
      [['working-tree', 'unknown', null]],
    );
    const { out } = await ada.run('policy', 'show');
    assert.match(out, /\neverybody else +- +qa +qa +-\n/);
    const early = await ada.run('policy', 'show', '--at', '2001-01-01');
    assert.match(early.out, /^No policy was in force then: the first one was adopted at 20/);
    const raw = await ada.run('policy', 'show', '--raw');
    assert.deepEqual(raw.bytes, ada.read(file));
    assert.equal((await ada.run('policy', 'show', '--at', '2001-01-01')).status, 1);
    assertFailed(await ada.run('policy', 'show', '--raw', '--at', '2001-01-01'), 3, /no policy/i);
  });

  it('simulate and diff say what would be judged differently, by their exit status too', async () => {
    await ada.run('propose', prompt, '-m', 'First');
    await ravi.run('approve', prompt, '--yes');
    await ada.run('deploy', prompt, '--env', 'qa');
    assert.equal((await ada.run('policy', 'simulate')).status, 0);
    const { counts } = await ada.json('policy', 'simulate');
    assert.deepEqual(counts, {
      rows: 0,
      deployment: 1,
      approval: 1,
      refusal: 0,
      version: 1,
      notJudged: 0,
      untold: 0,
    });
    ada.write('new.jsonc', changed('{ "env', '{ "approvals": { "required": 2 }, "env'));
    const simulated = await ada.run('policy', 'simulate', 'new.jsonc');
    assert.equal(simulated.status, 1);
    assert.match(simulated.out, /1 of 1 deployment, 1 of 1 version, 0 of 1 approval/);
    assert.match(
      simulated.out,
      /deployment \(active\) +prompts\/greet.prompt.md@v1 +qa +Ada.* allowed → approval.missing/,
    );
    const { rows } = await ada.json<WhatIfRow>(
      'policy',
      'simulate',
      'new.jsonc',
      '--to',
      '2001-01-01',
    );
    assert.deepEqual(rows, []);
    ada.write(file, ada.read('new.jsonc'));
    const compared = await ada.run('policy', 'diff', new Date().toISOString(), 'working');
    assert.equal(compared.status, 1);
    assert.match(compared.out, /\napprovals.required +1 → 2\n/);
    assert.equal((await ada.run('policy', 'diff', 'working', 'working')).status, 0);
  });

  it('says what is wrong with the call', async () => {
    ada.write('broken.jsonc', '{');
    const wrong: readonly (readonly [string[], 1 | 2 | 3, RegExp])[] = [
      [[], 3, /takes lint, show, diff or simulate/],
      [['list'], 3, /takes lint/],
      [['lint', '--at', '2026-01-01'], 3, /lint takes no --at/],
      [['lint', 'a', 'b'], 3, /takes no "b"/],
      [['show', '--from', '2026-01-01'], 3, /show takes no --from/],
      [['show', 'x'], 3, /takes no "x"/],
      [['diff', 'working'], 3, /two policies/],
      [['diff', 'working', 'yesterday'], 3, /knows no policy "yesterday"/],
      [['diff', 'working', '0123abcd'], 1, /No adopted policy begins with 0123abcd/],
      [['diff', 'working', 'protected'], 2, /no protected branch/],
      [['simulate', '--raw'], 3, /takes no --raw/],
      [['simulate', 'broken.jsonc'], 2, /broken.jsonc is no valid policy: line 1/],
      [['simulate', 'nothing.jsonc'], 3, /cannot be read/],
    ];
    for (const [argv, status, message] of wrong)
      assertFailed(await ada.run('policy', ...argv), status, message);
  });
});
