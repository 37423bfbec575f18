import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { temporaryFolder } from '../tools/temporary.js';
import { byteTamperings, type Tampering } from '../tools/tamperBytes.js';
import { chainTamperings } from '../tools/tamperChain.js';
import { rowTamperings } from '../tools/tamperRows.js';
import { schemaTamperings } from '../tools/tamperSchema.js';
import { goldens, type Golden, type GoldenPart } from './goldens.js';
import { ourAnswer, type Answer } from './ourVerifier.js';
import { pythonAnswers } from './pythonVerifier.js';

const tamperings = [...byteTamperings, ...schemaTamperings, ...rowTamperings, ...chainTamperings];

/** What is compared; warnings are not one by one, for each verifier has its own eyes for some. */
const compared = (answer: Answer): Partial<Answer> => {
  const { point, structure, completeness, authenticity, order, errors } = answer;
  return { point, structure, completeness, authenticity, order, errors };
};

for (const golden of goldens()) {
  describe(`two verifiers on ${golden.name}`, function () {
    this.timeout(120_000);
    const folder = temporaryFolder('agreement');
    const cases = casesOf(golden);
    const ours: Answer[] = [];
    let theirs: readonly Answer[];

    before(async () => {
      const files: string[] = [];
      for (const [i, one] of cases.entries()) {
        const file = golden.place(`${folder.path}/${i}`);
        writeFileSync(one.file(file), await one.apply(one.bytes));
        files.push(file);
      }
      const answers = async (): Promise<void> => {
        for (const file of files) ours.push(await ourAnswer(file));
      };
      [theirs] = await Promise.all([pythonAnswers(files), answers()]);
    });
    after(() => folder.remove());

    for (const [i, { name, damagesPages }] of cases.entries()) {
      it(`agree: ${name}`, () => {
        const [one, other] = [theirs[i]!, ours[i]!];
        if (damagesPages) assert.equal(one.errors.length > 0, other.errors.length > 0);
        else assert.deepEqual(compared(other), compared(one));
      });
    }
  });
}

/** Every tampering, with the open volume and with the first sealed one. */
function casesOf({ parts }: Golden): (Tampering & Pick<GoldenPart, 'bytes' | 'file'>)[] {
  return parts.flatMap(({ label, bytes, file }) =>
    tamperings.map((one) => ({ ...one, name: `${one.name}${label}`, bytes, file })),
  );
}
