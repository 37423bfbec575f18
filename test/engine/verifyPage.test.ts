import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { consoleSteps, missingPrograms, pageBlocks, printedBy } from '../tools/consoleBlocks.js';
import { projectRoot } from '../tools/paths.js';
import { temporaryFolder } from '../tools/temporary.js';

/** The page says that these are enough; the rest is in every Debian. */
const programs = ['bash', 'sha256sum', 'sqlite3', 'ssh-keygen', 'python3'];

describe('docs/VERIFY.md', () => {
  const page = readFileSync(join(projectRoot, 'docs', 'VERIFY.md'), 'utf8');
  const blocks = pageBlocks(page);
  const base = temporaryFolder('verify-page');
  const folder = join(base.path, 'audit');

  before(() => {
    const clone = join(base.path, 'prompt-audit-trail');
    for (const part of [
      ['docs', 'verify.py'],
      ['docs', 'LEDGER.md'],
      ['test', 'golden'],
    ])
      cpSync(join(projectRoot, ...part), join(clone, ...part), { recursive: true });
    mkdirSync(folder);
  });
  after(() => base.remove());

  it('has an example in each chapter that can have one', () => {
    const chapters = new Set(
      blocks.filter(({ language }) => language === 'console').map(({ heading }) => heading),
    );
    assert.deepEqual(
      [...chapters].map((heading) => heading.slice(0, 2)),
      ['0.', '1.', '2.', '3.', '4.', '5.', '6.'],
    );
  });

  it('links to files and headings that are there', () => {
    for (const [, file, anchor] of page.matchAll(/\]\(([^)#]*)(?:#([^)]*))?\)/g)) {
      const target = file === '' ? page : readFileSync(join(projectRoot, 'docs', file!), 'utf8');
      const anchors = [...target.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
        title!
          .toLowerCase()
          .replaceAll(' ', '-')
          .replace(/[^\w-]/g, ''),
      );
      assert.ok(anchor === undefined || anchors.includes(anchor), `${file}#${anchor}`);
    }
  });

  it('uses no program besides those that it names', () => {
    const commands = blocks.flatMap(({ text }) => consoleSteps(text)).map((step) => step.command);
    assert.ok(commands.length > 50);
    const foreign = /\b(?:node|npm|npx|prompt-audit (?!-)|xxd|openssl|jq|perl)\b/;
    for (const command of commands)
      assert.doesNotMatch(command.replaceAll('prompt-audit-trail', ''), foreign);
  });

  const missing = missingPrograms(programs);
  // What one block leaves in the folder, the next ones need, so they run in order and all or none.
  for (const [at, { heading, language, text }] of blocks.entries()) {
    const title = `block ${at + 1}, ${language}, of "${heading}"`;
    if (language === 'sh') continue;
    if (missing.length > 0) it(`${title} (not run: no ${missing.join(', ')} here)`);
    else if (language === 'console')
      it(`${title} prints what the page says`, () => {
        for (const { command, output } of consoleSteps(text))
          assert.equal(printedBy(command, folder), output, command);
      });
    else
      it(`${title} is a file with a name`, () => {
        const name = /^(?:#|--) ([a-z]+\.(?:py|sql)): /.exec(text)?.[1];
        assert.ok(name !== undefined && page.includes(`ave this as \`${name}\``), text);
        writeFileSync(join(folder, name), text);
      });
  }
});
