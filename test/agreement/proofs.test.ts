import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkProof } from '../../src/core/checkProof.js';
import { formatCheckpoint } from '../../src/core/checkpoint.js';
import { formatConsistencyProof } from '../../src/core/consistencyProof.js';
import { leafHash, MerkleTree } from '../../src/core/merkle.js';
import { consistencyPath } from '../../src/core/merkleProof.js';
import { fakeId } from '../tools/eventChain.js';
import { projectRoot } from '../tools/paths.js';
import { temporaryFolder } from '../tools/temporary.js';
import { pythonProofs } from './pythonVerifier.js';
import { numbers } from './random.js';

const characters = 'A/+=0159af \n\t\r"\\é—oldindex';
const edits = 250;

interface Case {
  readonly proof: string;
  readonly checkpoint?: string;
}

/** A text with one to three characters changed, left out or added. */
function edited(text: string, draw: (below: number) => number): string {
  let result = text;
  for (let left = 1 + draw(3); left > 0; left--) {
    const at = draw(result.length);
    const put = characters[draw(characters.length)]!;
    result = result.slice(0, at) + (draw(4) === 0 ? '' : put) + result.slice(at + draw(2));
  }
  return result;
}

const pointOf = (size: number): { id: ReturnType<typeof fakeId>; size: number; root: string } => {
  const tree = new MerkleTree();
  for (let at = 0; at < size; at++) tree.append(`leaf ${at}`);
  return { id: fakeId(5), size, root: tree.root() };
};

const consistent = (oldSize: number, size: number): Case => ({
  proof: formatConsistencyProof({
    oldSize,
    path: consistencyPath((at) => leafHash(`leaf ${at}`), oldSize, size),
    checkpoint: formatCheckpoint(pointOf(size)),
  }),
  checkpoint: formatCheckpoint(pointOf(oldSize)),
});

describe('two checkers of proofs', function () {
  this.timeout(120_000);
  const folder = temporaryFolder('agreement');
  after(() => folder.remove());

  /** The status of each, on which both agree: 0 it holds, 1 with warnings, 2 it does not. */
  async function agree(cases: readonly Case[]): Promise<number[]> {
    const files = cases.map(({ proof, checkpoint }, i) => {
      const names = [join(folder.path, `${i}.proof`)];
      writeFileSync(names[0]!, proof);
      if (checkpoint !== undefined) {
        names.push(join(folder.path, `${i}.checkpoint`));
        writeFileSync(names[1]!, checkpoint);
      }
      return names;
    });
    const theirs = await pythonProofs(files);
    const ours = cases.map((one) => {
      const { holds, warnings } = checkProof(one);
      return !holds ? 2 : warnings.length > 0 ? 1 : 0;
    });
    const different = cases.filter((_, i) => ours[i] !== theirs[i]);
    assert.deepEqual(different.slice(0, 3), []);
    return ours;
  }

  it('agree on every pair of sizes', async () => {
    const cases: Case[] = [];
    for (let size = 1; size <= 17; size++)
      for (let old = 0; old <= size; old++) cases.push(consistent(old, size));
    const fromNothing = cases.map(({ proof }) => (proof.startsWith('old 0\n') ? 1 : 0));
    assert.deepEqual(await agree(cases), fromNothing);
  });

  it('agree on proofs between other checkpoints', async () => {
    const cases: Case[] = [];
    for (let size = 2; size <= 12; size++)
      for (let old = 1; old < size; old++) {
        const good = consistent(old, size);
        cases.push({
          ...good,
          checkpoint: formatCheckpoint({ ...pointOf(old), root: 'a'.repeat(64) }),
        });
        cases.push({ ...good, checkpoint: formatCheckpoint({ ...pointOf(old), id: fakeId(6) }) });
        cases.push({ ...good, checkpoint: formatCheckpoint(pointOf(old - 1)) });
        cases.push({ ...good, proof: good.proof.replace(`old ${old}\n`, `old ${old - 1}\n`) });
        cases.push({ ...good, proof: good.proof.replace(/\n\n/, `\n${'A'.repeat(43)}=\n\n`) });
        cases.push({ ...good, proof: good.proof.replace(/\n[^\n]+\n\n/, '\n\n') });
      }
    assert.ok((await agree(cases)).includes(2));
  });

  it('agree on consistency proofs with other characters', async () => {
    const draw = numbers(1);
    const good = consistent(5, 11);
    await agree(
      Array.from({ length: edits }, () => ({ ...good, proof: edited(good.proof, draw) })),
    );
    await agree(
      Array.from({ length: edits }, () => ({
        ...good,
        checkpoint: edited(good.checkpoint!, draw),
      })),
    );
  });

  it('agree on inclusion proofs with other characters', async () => {
    const golden = join(projectRoot, 'test', 'golden');
    const proof = readFileSync(join(golden, 'event-9.tlog-proof'), 'utf8');
    const checkpoint = readFileSync(join(golden, 'checkpoint'), 'utf8');
    const draw = numbers(2);
    const [ledger, , root] = checkpoint.split('\n') as [string, string, string];
    const kept = [
      checkpoint,
      checkpoint.trim(),
      checkpoint.replaceAll('\n', '\r\n'),
      `${checkpoint}\n`,
      `\n${checkpoint}`,
      checkpoint.replaceAll('\n', '\r'),
      checkpoint.replace('24', '23'),
      checkpoint.replace('24', '25'),
      checkpoint.replace('24', '0'),
      checkpoint.replace(root, `${'A'.repeat(43)}=`),
      checkpoint.replace(ledger, `prompt-audit/${fakeId(6)}`),
      `${checkpoint}\n\u2014 ci AAAAAAAA\n`,
      `${checkpoint}\n\u2014 ci AAAAAAAA`.replaceAll('\n', '\r\n'),
      `${checkpoint}\n`.repeat(4000),
      '',
    ];
    assert.deepEqual(
      await agree([{ proof }, ...kept.map((one) => ({ proof, checkpoint: one }))]),
      [1, 0, 0, 0, 0, 2, 2, 2, 2, 2, 2, 2, 0, 0, 2, 2],
    );
    await agree(Array.from({ length: edits }, () => ({ proof: edited(proof, draw) })));
  });

  it('agree on what an extra holds', async () => {
    const text = readFileSync(join(projectRoot, 'test/golden/event-9.tlog-proof'), 'utf8');
    const [first, extra, ...rest] = text.split('\n') as [string, string, ...string[]];
    const json = Buffer.from(extra.slice(6), 'base64').toString();
    const value = JSON.parse(json) as { header: string; body: string | null; signatures: unknown };
    const written = (other: unknown): string => JSON.stringify(other);
    const { body, header } = value;
    const extras = [
      json,
      ` ${json}`,
      `${json}\n`,
      written({ body: null, header, signatures: [] }),
      written({ header, body, signatures: [] }),
      written({ body: '{}', header, signatures: [] }),
      written({ body, header: header.replace(/"v":[12]/, '"v":3'), signatures: [] }),
      written({ body, header: `${header} `, signatures: [] }),
      written({ body, header, signatures: ['x'] }),
      written({ body, header, signatures: [''] }),
      written({ body, header, signatures: ['x', 'x'] }),
      written({ body, header, signatures: ['-----BEGIN SSH SIGNATURE-----\nAAAA\n'] }),
      written({ body, header, signatures: ['x'.repeat(16_384)] }),
      written({ body, header, signatures: ['x'.repeat(16_385)] }),
      written({ body, header, signatures: ['é'.repeat(8192)] }),
      written({ body, header, signatures: ['é'.repeat(8193)] }),
      written({ body, header, signatures: [1] }),
      written({ body, header, signatures: Array.from({ length: 64 }, (_, i) => `x${i}`) }),
      written({ body, header, signatures: Array.from({ length: 65 }, (_, i) => `x${i}`) }),
      written({ body, header, signatures: null }),
      written({ body, header }),
      written({ body, header, more: 1, signatures: [] }),
      '[]',
      'null',
      '',
    ];
    const checkpoint = rest.slice(rest.indexOf('') + 1).join('\n');
    const cases = extras.map((one) => ({
      proof: [first, `extra ${Buffer.from(one).toString('base64')}`, ...rest].join('\n'),
      checkpoint,
    }));
    cases.push({ proof: [first, ...rest].join('\n'), checkpoint });
    const statuses = await agree(cases);
    const count = (status: number): number => statuses.filter((one) => one === status).length;
    assert.deepEqual([count(0) >= 2, count(1)], [true, 6]);
  });
});
