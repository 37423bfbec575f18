import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf } from '../../src/core/hash.js';
import { formatOf } from '../../src/prompts/format.js';
import { namedParts, namesOfPart } from '../../src/prompts/partNames.js';
import { versionParts } from '../../src/prompts/versionParts.js';
import { consoleSteps, missingPrograms, pageBlocks, printedBy } from '../tools/consoleBlocks.js';
import { projectRoot } from '../tools/paths.js';
import { temporaryFolder } from '../tools/temporary.js';

/** docs/LEDGER.md, "Parts of a version". */
describe('docs/LEDGER.md on the parts of a version', () => {
  const doc = readFileSync(join(projectRoot, 'docs', 'LEDGER.md'), 'utf8');
  const from = doc.indexOf('### Parts of a version');
  const page = doc.slice(from, doc.indexOf('\n#', from));
  const rows = page
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.split('|').slice(1, -1));
  const quoted = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map((m) => m[1]!);
  const pathLike = (one: string): boolean => /[./]/.test(one);
  /** A path that a pattern of the page means. */
  const pathOf = (pattern: string): string =>
    pattern.startsWith('.') && !pattern.includes('/')
      ? `notes/x${pattern}`
      : pattern.replace('**/', '').replace('*', 'x');

  it('names every member of every part', () => {
    const plain = (name: string): string => name.replace(/[-_]/g, '').toLowerCase();
    const common = new Map(namedParts.map((part) => [part, namesOfPart('text', part)]));
    for (const part of namedParts) {
      const [, all, some] = rows.find(([first]) => first === ` \`${part}\` `)!;
      assert.deepEqual(quoted(all!).map(plain).sort(), [...common.get(part)!].sort(), part);
      const given = some!.split(';').flatMap((group) => {
        const words = quoted(group);
        const names = words.filter((word) => !pathLike(word)).map(plain);
        return words.filter(pathLike).map((pattern) => {
          const path = pathOf(pattern);
          return [path.endsWith('.json') ? 'json' : formatOf(path), names] as const;
        });
      });
      const formats =
        'vscode-prompt github-models prompty dotprompt vscode-instructions vscode-agent claude-agent skill';
      for (const format of [...formats.split(' '), 'cursor-rule', 'promptops', 'json', 'text']) {
        const own = namesOfPart(format, part).filter((name) => !common.get(part)!.includes(name));
        const said = given.filter(([of]) => of === format).flatMap(([, names]) => names);
        assert.deepEqual([...new Set(said)].sort(), [...own].sort(), `${part} of ${format}`);
      }
    }
  });

  it('says how each path is read', () => {
    const texts: Readonly<Record<string, string>> = {
      'it is all text': '---\nmodel: m\n---\n',
      'XML tags': '<poml><runtime model="m"/></poml>',
      YAML: 'model: m\n',
      'front matter': '---\nmodel: m\n---\n',
      JSON: '{"model":"m"}',
    };
    const found = rows.filter(([, how]) => Object.hasOwn(texts, how!.trim()));
    assert.equal(found.length, 7);
    for (const [paths, how] of found) {
      const text = texts[how!.trim()]!;
      const patterns = quoted(paths!).filter(pathLike);
      assert.ok(patterns.length > 0);
      for (const pattern of patterns) {
        const parts = versionParts(pathOf(pattern), Buffer.from(text))!;
        if (how!.trim() === 'it is all text') assert.equal(parts.text, digestOf(text), pattern);
        else assert.notEqual(parts.model, null, pattern);
      }
    }
  });

  it('has an example that any shell confirms', function () {
    if (missingPrograms(['bash', 'sha256sum']).length > 0) return this.skip();
    const folder = temporaryFolder('parts');
    try {
      const block = pageBlocks(doc).find(
        ({ heading, language }) => heading === 'Parts of a version' && language === 'console',
      )!;
      const steps = consoleSteps(block.text);
      assert.equal(steps.length, 3);
      for (const { command, output } of steps)
        assert.equal(printedBy(command, folder.path), output, command);
      const [text, model] = steps.slice(1).map(({ output }) => `sha256:${output.slice(0, 64)}`);
      const bytes = readFileSync(join(folder.path, 'triage.prompt.md'));
      assert.deepEqual(versionParts('triage.prompt.md', bytes), {
        ...{ text, model, tools: null, permissions: null },
      });
    } finally {
      folder.remove();
    }
  });
});
