import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { temporaryFolder } from '../tools/temporary.js';
import { goldens } from './goldens.js';
import { ourAnswer, type Answer } from './ourVerifier.js';
import { pythonAnswers } from './pythonVerifier.js';
import { numbers } from './random.js';

const perFile = 80;

for (const golden of goldens()) {
  describe(`two verifiers on single bytes of ${golden.name}`, function () {
    this.timeout(120_000);
    const folder = temporaryFolder('agreement');
    after(() => folder.remove());

    for (const { label, bytes, file } of golden.parts) {
      it(`agree whether it is broken, and else read the same${label}`, async () => {
        const draw = numbers(bytes.length + label.length);
        const mutations: { readonly what: string; readonly open: string }[] = [];
        const ours: Answer[] = [];
        for (let i = 0; i < perFile; i++) {
          // Pages are mostly empty: half of the mutations are where something stands.
          const at = i % 2 === 0 ? draw(bytes.length) : written(bytes, draw(bytes.length));
          const copy = Buffer.from(bytes);
          copy[at] = copy[at]! ^ (1 + draw(255));
          const open = golden.place(`${folder.path}/${i}${label}`);
          writeFileSync(file(open), copy);
          mutations.push({ what: `byte ${at}: ${bytes[at]} becomes ${copy[at]}`, open });
          ours.push(await ourAnswer(open));
        }
        const theirs = await pythonAnswers(mutations.map(({ open }) => open));
        const intact = await ourAnswer(golden.place(`${folder.path}/intact${label}`));
        const different = mutations.flatMap(({ what }, i) => {
          const [one, other] = [theirs[i]!, ours[i]!];
          const isSame = one.errors.length > 0 === other.errors.length > 0;
          const isFound = one.errors.length > 0 || one.point === intact.point;
          return isSame && isFound
            ? []
            : [`${what}: ${one.errors.join()} / ${other.errors.join()}`];
        });
        assert.deepEqual(different, []);
        assert.ok(ours.filter(({ errors }) => errors.length > 0).length > perFile / 5);
        assert.deepEqual(readFileSync(file(golden.place(`${folder.path}/last${label}`))), bytes);
      });
    }
  });
}

/** The first place from `at` on that is not zero. */
function written(bytes: Uint8Array, at: number): number {
  while (bytes[at] === 0) at = (at + 1) % bytes.length;
  return at;
}
