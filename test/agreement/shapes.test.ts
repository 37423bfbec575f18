import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonValue } from '../../src/core/canonicalJson.js';
import { secondShapeChecks } from '../../src/core/eventShape.js';
import { projectRoot } from '../tools/paths.js';
import { rows } from '../tools/tamperRows.js';
import { bodyOf, headerOf, put, rebuildChain, idOf, type Loose } from '../tools/tamperTables.js';
import { temporaryFolder } from '../tools/temporary.js';
import { ourAnswer, type Answer } from './ourVerifier.js';
import { pythonAnswers } from './pythonVerifier.js';

const file = readFileSync(join(projectRoot, 'test', 'golden', 'history', 'ledger.sqlite'));
const id = 'a'.repeat(32);

/** What each member of `v` 2 is replaced by; undefined: it goes. Not all are wrong for all: the two verifiers have to agree. */
const values: readonly (JsonValue | undefined)[] = [
  undefined,
  null,
  '',
  'x',
  'x'.repeat(321),
  -1,
  0,
  true,
  'observed',
  'cli',
  'x509',
  id,
  'A'.repeat(40),
  'b'.repeat(40),
  `${'b'.repeat(40)}\n`,
  'b'.repeat(64),
  [],
  [''],
  [null],
  [id, id],
  Array<string>(1024).fill('b'.repeat(40)),
  Array<string>(1025).fill('b'.repeat(40)),
  {},
  { commits: 0, deployments: 0, moves: 0, prompts: 0, removals: 0, revisions: 0, unread: 0 },
  { commits: 0, deployments: 0, moves: 0, prompts: 0, removals: 0, revisions: 0, unread: -1 },
  { commits: 0, deployments: 0, moves: 0, prompts: 0, removals: 0, revisions: 0 },
  {
    commits: 0,
    deployments: 0,
    more: 0,
    moves: 0,
    prompts: 0,
    removals: 0,
    revisions: 0,
    unread: 0,
  },
];

describe('two verifiers on the members of version 2', function () {
  this.timeout(120_000);
  const folder = temporaryFolder('agreement');
  after(() => folder.remove());

  for (const type of Object.keys(secondShapeChecks)) {
    it(`agree on every value: ${type}`, async () => {
      const { refs, body } = secondShapeChecks[type as keyof typeof secondShapeChecks]!;
      const places = [
        ...Object.keys(refs).map((name) => ({ part: 'refs' as const, name })),
        ...Object.keys(body).map((name) => ({ part: 'body' as const, name })),
        ...(['refs', 'body'] as const).map((part) => ({ part, name: 'more' })),
      ];
      const cases = places.flatMap(({ part, name }) =>
        values.map((value) => ({ part, name, value })),
      );
      const paths: string[] = [];
      const ours: Answer[] = [];
      for (const [i, one] of cases.entries()) {
        const path = join(folder.path, `${type}-${i}.sqlite`);
        writeFileSync(path, await changed(type, one));
        paths.push(path);
        ours.push(await ourAnswer(path));
      }
      const theirs = await pythonAnswers(paths);
      const different = cases.filter(
        (_, i) => JSON.stringify(theirs[i]!.errors) !== JSON.stringify(ours[i]!.errors),
      );
      assert.deepEqual(different, []);
      const refused = ours.filter(({ errors }) => errors.length > 0).length;
      assert.ok(refused > cases.length / 2 && refused < cases.length, `${refused} refused`);
    });
  }
});

/** The golden ledger with one member of the first event of a type changed, and all ids behind it made again. */
async function changed(
  type: string,
  { part, name, value }: { part: 'refs' | 'body'; name: string; value: JsonValue | undefined },
): Promise<Uint8Array> {
  return await rows('', (tables) => {
    const old = tables.events.map(idOf);
    const row = tables.events.find((one) => {
      const header = headerOf(one);
      return header['type'] === type && header['v'] === 2;
    })!;
    const [header, body] = [headerOf(row), bodyOf(row)];
    const target = part === 'body' ? body : (header['refs'] as Loose);
    if (value === undefined) delete target[name];
    else target[name] = value;
    put(row, header, body);
    rebuildChain(tables.events, old);
  }).apply(file);
}
