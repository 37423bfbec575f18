import assert from 'node:assert/strict';
import { parseVersionName } from '../../src/core/versionName.js';

describe('version names', () => {
  const cases: readonly [name: string, path: string, selector: object][] = [
    ['a/b.prompt.md', 'a/b.prompt.md', { kind: 'newest' }],
    ['a.md@v12', 'a.md', { kind: 'number', number: 12 }],
    ['a.md@v12?', 'a.md', { kind: 'number', number: 12 }],
    ['a.md@3f9c21d', 'a.md', { kind: 'digest', prefix: '3f9c21d' }],
    [`a.md@sha256:${'0'.repeat(64)}`, 'a.md', { kind: 'digest', prefix: '0'.repeat(64) }],
    ['team@home/a.md', 'team@home/a.md', { kind: 'newest' }],
    ['a@v1@v2', 'a@v1', { kind: 'number', number: 2 }],
    ['a.md@v0', 'a.md@v0', { kind: 'newest' }],
    ['a\nb@v1', 'a\nb', { kind: 'number', number: 1 }],
    ['@v1', '@v1', { kind: 'newest' }],
  ];
  for (const [name, path, selector] of cases) {
    it(`reads ${JSON.stringify(name)}`, () =>
      assert.deepEqual(parseVersionName(name), { path, selector }));
  }
});
