import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonValue } from '../../src/core/canonicalJson.js';
import {
  fourthShapeChecks,
  secondShapeChecks,
  thirdShapeChecks,
} from '../../src/core/laterShapes.js';
import { projectRoot } from '../tools/paths.js';
import { rows } from '../tools/tamperRows.js';
import { bodyOf, headerOf, put, rebuildChain, idOf, type Loose } from '../tools/tamperTables.js';
import { temporaryFolder } from '../tools/temporary.js';
import { ourAnswer, type Answer } from './ourVerifier.js';
import { pythonAnswers } from './pythonVerifier.js';

const golden = (name: string): Buffer =>
  readFileSync(join(projectRoot, 'test', 'golden', name, 'ledger.sqlite'));
const id = 'a'.repeat(32);
const digest = `sha256:${'a'.repeat(64)}`;
const parts = { model: digest, permissions: null, text: digest, tools: digest };

/** What each member is replaced by; undefined: it goes. Not all are wrong for all: the two verifiers have to agree. */
const values: readonly (JsonValue | undefined)[] = [
  undefined,
  null,
  '',
  'x',
  -1,
  0,
  true,
  id,
  'b'.repeat(40),
  'b'.repeat(64),
  [],
  [null],
  [id, id],
  {},
];
const secondValues: typeof values = [
  ...values,
  'x'.repeat(321),
  'observed',
  'cli',
  'x509',
  'A'.repeat(40),
  `${'b'.repeat(40)}\n`,
  [''],
  Array<string>(1024).fill('b'.repeat(40)),
  Array<string>(1025).fill('b'.repeat(40)),
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
const thirdValues: typeof values = [
  ...values,
  1,
  'approved',
  digest,
  `${digest}\n`,
  ['staging'],
  ['staging', 'Staging'],
  [`a${'b'.repeat(62)}`],
  [`a${'b'.repeat(63)}`],
  Array<string>(1024).fill('staging'),
  Array<string>(1025).fill('staging'),
  ['a'.repeat(64)],
  parts,
  { ...parts, permissions: digest },
  { ...parts, model: null, tools: null },
  { ...parts, text: null },
  { ...parts, model: 'a'.repeat(64) },
  { ...parts, more: null },
  { model: digest, permissions: null, text: digest },
];
const fourthValues: typeof values = [
  ...values,
  1,
  1.5,
  2 ** 53 - 1,
  false,
  'production',
  'Production',
  'succeeded',
  'failed',
  'accepted',
  'objected',
  'approved',
  'review.decided',
  'deployment.recorded',
  'deployment.ended',
  'deployment.reviewed',
  'review.revoked',
  'x'.repeat(321),
  `${'b'.repeat(64)}\n`,
  digest,
  `${digest}\n`,
  digest.toUpperCase(),
  [{ code: 'deployer.role', events: ['a'.repeat(64)] }],
  [{ code: 'deployer.role', events: null }],
];

for (const [v, checks, all, file] of [
  [2, secondShapeChecks, secondValues, golden('history')],
  [3, thirdShapeChecks, thirdValues, golden('review')],
  [4, fourthShapeChecks, fourthValues, golden('deploy')],
] as const) {
  describe(`two verifiers on the members of version ${v}`, function () {
    this.timeout(120_000);
    const folder = temporaryFolder('agreement');
    after(() => folder.remove());

    for (const type of Object.keys(checks)) {
      it(`agree on every value: ${type}`, async () => {
        const { refs, body } = checks[type as keyof typeof checks]!;
        const places = [
          ...Object.keys(refs).map((name) => ({ part: 'refs' as const, name })),
          ...Object.keys(body).map((name) => ({ part: 'body' as const, name })),
          ...(['refs', 'body'] as const).map((part) => ({ part, name: 'more' })),
        ];
        const cases = places.flatMap(({ part, name }) =>
          all.map((value) => ({ part, name, value })),
        );
        const paths: string[] = [];
        const ours: Answer[] = [];
        for (const [i, one] of cases.entries()) {
          const path = join(folder.path, `${type}-${i}.sqlite`);
          writeFileSync(path, await changed(file, { type, v, ...one }));
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
}

interface Change {
  readonly type: string;
  readonly v: number;
  readonly part: 'refs' | 'body';
  readonly name: string;
  readonly value: JsonValue | undefined;
}

/** A golden ledger with one member of the first event of a type that has a body changed, and all ids behind it made again. */
async function changed(file: Buffer, { type, v, part, name, value }: Change): Promise<Uint8Array> {
  return await rows('', (tables) => {
    const old = tables.events.map(idOf);
    const row = tables.events.find((one) => {
      const header = headerOf(one);
      return header['type'] === type && header['v'] === v && one.body !== null;
    })!;
    const [header, body] = [headerOf(row), bodyOf(row)];
    const target = part === 'body' ? body : (header['refs'] as Loose);
    if (value === undefined) delete target[name];
    else target[name] = value;
    put(row, header, body);
    rebuildChain(tables.events, old);
  }).apply(file);
}
