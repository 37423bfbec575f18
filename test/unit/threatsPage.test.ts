import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../tools/paths.js';

/** docs/THREATS.md promises only what a test shows. */
describe('docs/THREATS.md', () => {
  const text = readFileSync(join(projectRoot, 'docs/THREATS.md'), 'utf8');
  const rows = text.split('\n').filter((line) => line.startsWith('|') && line.includes(' › '));

  it('has a row for each attack', () => assert.ok(rows.length >= 30));

  for (const row of rows) {
    const cells = row.split('|').map((cell) => cell.trim());
    it(`${cells[1]}: the test that it names is there`, () => {
      const [file = '', title = ''] = cells[4]!.split(' › ');
      const path = join(projectRoot, 'test', `${file}.test.ts`);
      assert.ok(existsSync(path), file);
      assert.ok(title !== '' && readFileSync(path, 'utf8').includes(title), title);
    });
  }
});
