import assert from 'node:assert/strict';
import type { VersionParts } from '../../src/core/event.js';
import { digestOf } from '../../src/core/hash.js';
import type { VersionRecord } from '../../src/core/state.js';
import { changesSince } from '../../src/core/versionChanges.js';
import { versionParts } from '../../src/prompts/versionParts.js';

const version = (text: string, parts: VersionParts | null | undefined): VersionRecord => {
  const refs = { digest: digestOf(text), ...(parts === undefined ? {} : { parts }) };
  return { event: { header: { refs } } } as unknown as VersionRecord;
};
/** As its author proposes it. */
const read = (text: string): VersionRecord =>
  version(text, versionParts('a.prompt.md', Buffer.from(text)));
const text = '---\nmodel: m\ntools: [a]\n---\nBe brief.\n';
const kinds = ['text', 'model', 'tools', 'permissions'];

/** docs/LEDGER.md, "Parts of a version". */
describe('what a version changes', () => {
  const base = read(text);
  for (const [name, now, expected] of [
    ['nothing', read(text), []],
    ['the text', read(text.replace('brief', 'kind')), ['text']],
    ['the model', read(text.replace(': m', ': n')), ['model']],
    [
      'tools and text',
      read(text.replace('[a]', '[a, b]').replace('Be', 'Stay')),
      ['text', 'tools'],
    ],
    [
      'permissions that were not there',
      read(text.replace('tools', 'agent: x\ntools')),
      ['permissions'],
    ],
    ['a model that is not there any more', read(text.replace('model: m\n', '')), ['model']],
    ['the spelling of metadata alone', read(text.replace('[a]', "['a'] # as before")), ['text']],
    ['what nobody can read', read(text.replace('[a]', '[a')), kinds],
    ['what nobody says', version(`${text} `, undefined), kinds],
    ['the same bytes, of which nobody says it', version(text, undefined), []],
  ] as const) {
    it(name, () => {
      assert.deepEqual([...changesSince(now, base)], [...expected]);
      assert.deepEqual([...changesSince(base, now)], [...expected]);
    });
  }

  it('everything, where nothing was approved before', () =>
    assert.deepEqual([...changesSince(base, undefined)], kinds));
});
