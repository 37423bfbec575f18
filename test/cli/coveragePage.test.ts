import assert from 'node:assert/strict';
import { pageBlocks } from '../tools/consoleBlocks.js';
import {
  itPrintsWhatItSays,
  pageAuthor,
  pageDates,
  pageFolder,
  readPage,
} from './support/docPage.js';

describe('docs/COVERAGE.md', function () {
  this.timeout(120_000);
  const page = readPage('COVERAGE.md');
  const folder = pageFolder({ name: 'coverage-page', settings: { ...pageAuthor, ...pageDates } });

  it('shows each state, each exit status, and the recorder', () => {
    const blocks = pageBlocks(page).filter(({ language }) => language === 'console');
    const text = blocks.map((block) => block.text).join('');
    for (const said of [
      'imported',
      'observed',
      'pending',
      'missing',
      'status 0',
      'status 1',
      'recorder',
    ])
      assert.ok(text.includes(said), said);
  });

  itPrintsWhatItSays(page, folder, ['bash', 'git', 'python3', 'sed', 'awk']);
});
