import assert from 'node:assert/strict';
import { ownersOf, parseCodeowners } from '../../src/core/codeowners.js';

/** Whether a pattern alone owns a path. */
function owns(pattern: string, path: string): boolean {
  return ownersOf(parseCodeowners(`${pattern} @x`), path).length > 0;
}

/** What GitHub documents, and what .gitignore says where that refers to it. */
const patterns: readonly [pattern: string, owned: readonly string[], others: readonly string[]][] =
  [
    ['*', ['a', 'a/b/c.md', '.hidden'], []],
    ['*.js', ['a.js', 'a/b.js', 'a/b/.js'], ['a.ts', 'a.js.map']],
    ['/build/logs/', ['build/logs/x', 'build/logs/x/y'], ['build/logs', 'a/build/logs/x']],
    ['docs/*', ['docs/start.md'], ['docs/build-app/x.md', 'a/docs/x.md']],
    ['/*', ['a.md'], ['a/b.md']],
    ['apps/', ['apps/x', 'a/apps/b/c'], ['apps', 'myapps/x']],
    ['/docs/', ['docs/a', 'docs/a/b'], ['a/docs/a']],
    ['docs', ['docs', 'docs/a/b', 'a/docs/b'], ['mydocs/a']],
    ['/apps/github', ['apps/github', 'apps/github/x'], ['apps/githubs', 'x/apps/github']],
    ['apps/github', ['apps/github/x'], ['x/apps/github/y']],
    ['**/logs', ['logs', 'logs/x', 'a/b/logs', 'build/logs/x'], ['mylogs/x']],
    ['a/**', ['a/b', 'a/b/c'], ['a', 'b/a/c']],
    ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b/c'], ['a/x/c', 'x/a/b']],
    ['**', ['a', 'a/b'], []],
    ['**/foo/**/bar.md', ['foo/bar.md', 'x/foo/y/z/bar.md'], ['foo/bar.mdx', 'bar.md']],
    ['/prompts/*.md', ['prompts/a.md'], ['prompts/a/b.md', 'prompts/a.txt']],
    ['/prompts/a?.md', ['prompts/ab.md'], ['prompts/a.md', 'prompts/abc.md']],
    ['/p/*a*b*.md', ['p/xaybz.md', 'p/ab.md'], ['p/ba.md', 'p/x/ab.md']],
    ['/with\\ space/*.md', ['with space/a.md'], ['with/a.md', 'space/a.md']],
    ['/p/star\\*.md', ['p/star*.md'], ['p/starry.md']],
    ['\\#file', ['#file', 'a/#file'], ['file']],
    ['/Case.md', ['Case.md'], ['case.md']],
    ['/a.b', ['a.b'], ['axb']],
  ];

describe('CODEOWNERS', () => {
  for (const [pattern, owned, others] of patterns) {
    it(`reads the pattern ${pattern}`, () => {
      for (const path of owned) assert.ok(owns(pattern, path), path);
      for (const path of others) assert.ok(!owns(pattern, path), path);
    });
  }

  const github = parseCodeowners(`\uFEFF# Comment
*       @global-owner1 @Global-Owner2

*.js    @js-owner #This is an inline comment.
*.go docs@Example.com
/apps/ @octocat
/apps/github
/a#b/ @hash
!*.md @negated
[ab].md @ranged
/bad owner
/prompts/** @clinic/reviewers @clinic/reviewers\r
`);

  it('lets the last match win', () => {
    assert.deepEqual(ownersOf(github, 'x.txt'), ['@global-owner1', '@global-owner2']);
    assert.deepEqual(ownersOf(github, 'x.js'), ['@js-owner']);
    assert.deepEqual(ownersOf(github, 'x.go'), ['docs@example.com']);
    assert.deepEqual(ownersOf(github, 'apps/x.js'), ['@octocat']);
    assert.deepEqual(ownersOf(github, 'prompts/a/b.md'), ['@clinic/reviewers']);
    assert.deepEqual(ownersOf(github, 'a#b/c'), ['@hash']);
  });

  it('takes a line without owners for "nobody owns this"', () => {
    assert.deepEqual(ownersOf(github, 'apps/github/x.js'), []);
  });

  it('passes over lines that GitHub does, and says so', () => {
    assert.deepEqual(ownersOf(github, 'a.md'), ['@global-owner1', '@global-owner2']);
    assert.deepEqual(ownersOf(github, 'bad'), ['@global-owner1', '@global-owner2']);
    assert.deepEqual(
      github.problems.map(({ line }) => line),
      [9, 10, 11],
    );
    assert.match(github.problems[2]!.message, /"owner" is no @name/);
  });

  it('reads the sections of GitLab: the last match of each', () => {
    const gitlab = parseCodeowners(`* @all
[Documentation][2] @docs-team
docs/
README.md @writer
^[Database] @dba
model/db/
docs/db/
[DOCUMENTATION]
docs/api/ @api
`);
    assert.deepEqual(gitlab.problems, []);
    assert.deepEqual(ownersOf(gitlab, 'README.md'), ['@all', '@writer']);
    assert.deepEqual(ownersOf(gitlab, 'docs/x.md'), ['@all', '@docs-team']);
    assert.deepEqual(ownersOf(gitlab, 'docs/db/x.md'), ['@all', '@docs-team', '@dba']);
    assert.deepEqual(ownersOf(gitlab, 'docs/api/x.md'), ['@all', '@api']);
  });

  it('lets nobody own anything by a file that is far too long', () => {
    const long = parseCodeowners('* @a\n'.repeat(20_001));
    assert.deepEqual(ownersOf(long, 'x'), []);
    assert.equal(long.problems.length, 1);
  });

  it('stays quick with hostile patterns and paths', () => {
    const pattern = `${'*a'.repeat(500)}b`;
    const deep = `${'**/a/'.repeat(200)}b`;
    const text = `${pattern} @x\n${deep} @x\n${'x'.repeat(9000)} @x\n${'y'.repeat(2000)} @x`;
    const owners = parseCodeowners(text);
    assert.deepEqual(ownersOf(owners, 'a'.repeat(4000)), []);
    assert.deepEqual(ownersOf(owners, 'a/'.repeat(1999)), []);
    assert.deepEqual(ownersOf(parseCodeowners('* @x'), 'a'.repeat(5000)), []);
    assert.equal(owners.problems.length, 2);
  });
});
