import assert from 'node:assert/strict';
import { catalogue } from '../../src/core/questions/catalogue.js';
import { consoleSteps, pageBlocks } from '../tools/consoleBlocks.js';
import { makeQuestionsDemo } from '../tools/questionsDemo.js';
import { itPrintsWhatItSays, pageDates, pageFolder, readPage } from './support/docPage.js';

const page = readPage('QUESTIONS.md');
const commands = pageBlocks(page)
  .filter(({ language }) => language === 'console')
  .flatMap(({ text }) => consoleSteps(text).map(({ command }) => command));

describe('the questions in docs/QUESTIONS.md', () => {
  it('has all of Q1 to Q40, in their order', () => {
    const numbers = [...page.matchAll(/^\*\*Q(\d+)\. /gm)].map(([, number]) => Number(number));
    assert.deepEqual(
      numbers,
      Array.from({ length: 40 }, (_, i) => i + 1),
    );
  });

  it('asks for every kind of exception', () => {
    for (const { kind } of catalogue) {
      if (!kind.startsWith('exceptions.')) continue;
      const line = kind.replace('.', ' ');
      assert.ok(
        commands.some((command) => command.includes(line)),
        line,
      );
    }
  });
});

/** The first digits of texts, of the policy and of the commit, which are the same in every run. */
const lasting = new Set([
  'aeb5ce7',
  '2eebc35',
  'c193f64',
  '74bb91b',
  '83a2d1e',
  'cee4433',
  '06548e5',
]);

/** Ids, times and how long something took are those of the run, and so is the width of columns that have them. */
function still(text: string): string {
  const masked = text
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{3})? \+00:00/g, 'TIME')
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'TIME')
    .replace(/\b[0-9a-f]{32,64}\b/g, 'ID')
    .replace(/\b[0-9a-f]{7}\b/g, (word) => (lasting.has(word) ? word : 'SHORT'))
    .replace(/\b\d+ (ms|s|min|h)\b( \d+ s\b)?/g, 'DURATION')
    .replace(/ +/g, ' ');
  // A sample is ranked by ids.
  if (!masked.startsWith('Drawn with')) return masked;
  const lines = masked.split('\n').map((line) => line.replace(/^\d+ TIME/, 'TIME'));
  return lines.sort().join('\n');
}

describe('docs/QUESTIONS.md', function () {
  this.timeout(120_000);
  const folder = pageFolder({
    name: 'questions-page',
    settings: pageDates,
    prepare: makeQuestionsDemo,
  });
  itPrintsWhatItSays(page, folder, ['bash', 'git', 'sed', 'sha256sum', 'node'], still);
});
