import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { gateReasonTexts } from '../../src/core/gateReasons.js';
import { projectRoot } from '../tools/paths.js';
import { itPrintsWhatItSays, pageAuthor, pageFolder, readPage } from './support/docPage.js';

describe('docs/GATE.md', function () {
  this.timeout(120_000);
  const page = readPage('GATE.md');
  const folder = pageFolder({
    name: 'gate-page',
    settings: pageAuthor,
    // Those of a host would change what is printed.
    absent: ['GITHUB_ACTIONS', 'GITHUB_STEP_SUMMARY'],
  });

  it('names reasons that there are, and files that are there', () => {
    const codes = [...page.matchAll(/`((?:bytes|file|prompt)\.[a-z]+)`/g)].map(([, code]) => code!);
    assert.ok(codes.length >= 4);
    for (const code of codes) assert.ok(Object.hasOwn(gateReasonTexts, code), code);
    for (const [, file] of page.matchAll(/\]\(([^)#:]+)\)/g))
      assert.ok(existsSync(join(projectRoot, 'docs', file!)), file);
  });

  itPrintsWhatItSays(page, folder, ['bash', 'git', 'python3', 'head']);
});
