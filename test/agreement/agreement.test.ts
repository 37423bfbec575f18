import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { temporaryFolder } from '../tools/temporary.js';
import { byteTamperings, type Tampering } from '../tools/tamperBytes.js';
import { chainTamperings } from '../tools/tamperChain.js';
import { rowTamperings } from '../tools/tamperRows.js';
import { schemaTamperings } from '../tools/tamperSchema.js';
import { goldens, type Golden, type GoldenPart } from './goldens.js';
import { isBroken, ourAnswer, type Answer } from './ourVerifier.js';
import { pythonAnswers, type PythonAnswer } from './pythonVerifier.js';

const tamperings = [...byteTamperings, ...schemaTamperings, ...rowTamperings, ...chainTamperings];

/**
 * Where this project's verifier is still wrong by docs/LEDGER.md, and docs/verify.py is right. To be emptied:
 * rows before `first_seq` are not seen; an empty list may stand one level too deep; a sealed volume without
 * events gives no finding.
 */
const owed: ReadonlySet<string> = new Set([
  'an event at seq 0',
  'an event at a negative seq',
  '17 levels, the last one empty',
]);
const owedVolumes: ReadonlySet<string> = new Set([
  'the whole chain recomputed without the third event',
  'no events, in a sealed volume',
]);

/** What is compared; warnings about the order of events are not, which only one of the two looks for. */
const compared = ({ point, structure, completeness, authenticity, errors }: Answer): unknown => ({
  point,
  structure,
  completeness,
  authenticity,
  errors,
});

for (const golden of goldens()) {
  describe(`two verifiers on ${golden.name}`, function () {
    this.timeout(120_000);
    const folder = temporaryFolder('agreement');
    const inVolumes = golden.parts.length > 1;
    let ours: Map<string, Answer>;
    let theirs: Map<string, PythonAnswer>;
    const broken = new Map<string, boolean>();

    before(async () => {
      ours = new Map();
      theirs = new Map();
      const files: string[] = [];
      const cases = casesOf(golden);
      for (const [i, one] of cases.entries()) {
        const file = golden.place(`${folder.path}/${i}`);
        writeFileSync(one.file(file), await one.apply(one.bytes));
        files.push(file);
        ours.set(one.name, await ourAnswer(file));
        broken.set(one.name, await isBroken(file));
      }
      const answers = await pythonAnswers(files);
      for (const [i, one] of cases.entries()) theirs.set(one.name, answers[i]!);
    });
    after(() => folder.remove());

    for (const { name, damagesPages } of casesOf(golden)) {
      it(`agree: ${name}`, () => {
        const [one, other] = [theirs.get(name)!, ours.get(name)!];
        if (owed.has(name.split(', in a')[0]!) || (inVolumes && owedVolumes.has(name))) {
          assert.ok(one.errors.length > 0);
          if (process.env['OWED']) console.log(name, other.errors, broken.get(name));
          return;
        }
        if (damagesPages) assert.equal(one.errors.length > 0, other.errors.length > 0);
        else assert.deepEqual(compared(one), compared(other));
        assert.equal(broken.get(name), one.errors.length > 0, 'verifyLedger');
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
