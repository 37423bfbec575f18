import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { checkProof } from '../../src/core/checkProof.js';
import { formatCheckpoint, parseCheckpoint } from '../../src/core/checkpoint.js';
import { formatConsistencyProof } from '../../src/core/consistencyProof.js';
import { decodeEvent } from '../../src/core/eventCodec.js';
import { encodeEvidence } from '../../src/core/eventEvidence.js';
import { leafHash, MerkleTree } from '../../src/core/merkle.js';
import { consistencyPath, inclusionPath } from '../../src/core/merkleProof.js';
import type { ProofInput, ProofReport } from '../../src/core/proofReport.js';
import { proofStart } from '../../src/core/proofStart.js';
import { formatTlogProof, parseTlogProof, type TlogProof } from '../../src/core/tlogProof.js';
import { signer } from '../tools/noteSigner.js';
import { projectRoot } from '../tools/paths.js';

const golden = (name: string): string => join(projectRoot, 'test', 'golden', name);
const rows = JSON.parse(readFileSync(golden('events.json'), 'utf8')) as {
  readonly id: string;
  readonly header: string;
  readonly body: string | null;
}[];
const checkpoint = readFileSync(golden('checkpoint'), 'utf8');
const { id: ledger } = parseCheckpoint(checkpoint)!;
const leaves = rows.map(({ header }) => leafHash(header));
const leafAt = (index: number): Buffer => leaves[index]!;

function checkpointOf(size: number): string {
  const tree = new MerkleTree();
  for (const leaf of leaves.slice(0, size)) tree.appendLeaf(leaf);
  return formatCheckpoint({ id: ledger, size, root: tree.root() });
}

function proofOf(seq: number, size = rows.length, signatures: readonly string[] = []): string {
  const { header, body } = rows[seq - 1]!;
  const decoded = decodeEvent(header, body);
  assert.ok(decoded.ok);
  return formatTlogProof({
    extra: encodeEvidence(
      decoded.event,
      signatures.map((text) => Buffer.from(text)),
    ),
    index: seq - 1,
    path: inclusionPath(leafAt, seq - 1, size),
    checkpoint: checkpointOf(size),
  });
}

function consistency(from: number, to: number): string {
  const path = consistencyPath(leafAt, from, to);
  return formatConsistencyProof({ oldSize: from, path, checkpoint: checkpointOf(to) });
}

function codesOf(input: ProofInput): readonly string[] {
  const report = checkProof(input);
  assert.equal(report.holds, report.problems.length === 0);
  return report.problems.map(({ code }) => code);
}

function held(input: ProofInput): ProofReport {
  const report = checkProof(input);
  assert.deepEqual(report.problems, []);
  return report;
}

/** A proof with some of its parts replaced. */
function changed(proof: string, changes: Partial<TlogProof>): string {
  const parsed = parseTlogProof(proof);
  assert.ok(typeof parsed !== 'string');
  return formatTlogProof({ ...parsed, ...changes });
}

const extraOf = (value: unknown): { extra: Buffer } => ({
  extra: Buffer.from(JSON.stringify(value)),
});

describe('checking a proof', () => {
  it('the golden proof is what docs/LEDGER.md says', () => {
    const file = golden('event-9.tlog-proof');
    if (process.env['PROMPT_AUDIT_WRITE_GOLDEN'] === '1') writeFileSync(file, proofOf(9));
    assert.equal(readFileSync(file, 'utf8'), proofOf(9));
    assert.ok(proofOf(9).endsWith(`\n\n${checkpoint}`));
  });

  it('holds for every event and every size, and says what the event says', () => {
    for (let size = 1; size <= rows.length; size++) {
      for (let seq = 1; seq <= size; seq++) {
        const { event, point } = held({ proof: proofOf(seq, size) });
        assert.deepEqual([event?.id, event?.seq, point?.size], [rows[seq - 1]!.id, seq, size]);
      }
    }
    const { event, levels, limits } = held({ proof: proofOf(9) });
    assert.equal(event?.type, 'version.proposed');
    assert.equal(event?.body?.['note'], 'Shorter.');
    assert.equal(event?.refs['number'], 1);
    assert.deepEqual(levels, ['L0']);
    assert.match(limits.join(' '), /from elsewhere/);
  });

  it('a signature that was attached twice stands in a proof once', () => {
    assert.equal(proofOf(9, 24, ['x', 'y', 'x']), proofOf(9, 24, ['x', 'y']));
    held({ proof: proofOf(9, 24, ['x', 'x']) });
  });

  it('holds without a body, and says that it is not there', () => {
    const { header } = rows[8]!;
    const proof = changed(proofOf(9), extraOf({ body: null, header, signatures: [] }));
    const report = held({ proof });
    assert.equal(report.event?.body, null);
    assert.match(report.limits.join(' '), /redacted, or left out/);
  });

  it('does not hold for another event, place, size or ledger', () => {
    const proof = proofOf(9);
    const { header, body } = rows[9]!;
    const codes = (changes: Partial<TlogProof>): readonly string[] =>
      codesOf({ proof: changed(proof, changes) });
    assert.deepEqual(codes(extraOf({ body, header, signatures: [] })), ['proof.notIncluded']);
    assert.deepEqual(codes({ index: 9 }), ['proof.notIncluded']);
    assert.deepEqual(codes({ index: 24 }), ['proof.notIncluded']);
    assert.deepEqual(codes({ path: [] }), ['proof.notIncluded']);
    assert.deepEqual(codes({ checkpoint: checkpointOf(23) }), ['proof.notIncluded']);
    const other = checkpoint.replace(ledger, 'f'.repeat(32));
    assert.deepEqual(codes({ checkpoint: other }), ['proof.otherLedger']);
    assert.deepEqual(codes({ checkpoint: `${checkpoint}more\n` }), ['proof.unreadable']);
    assert.deepEqual(codes({ checkpoint: '' }), ['proof.unreadable']);
  });

  it('does not hold with a body of another event, a changed one, or an extra that is not exactly one', () => {
    const { header, body } = rows[8]!;
    const codes = (value: unknown): readonly string[] =>
      codesOf({ proof: changed(proofOf(9), extraOf(value)) });
    const wrong: unknown[] = [
      { body: rows[9]!.body, header, signatures: [] },
      { body: body!.replace('Shorter', 'Longer'), header, signatures: [] },
      { body, header: header.replace('"n":9', '"n":8'), signatures: [] },
      { body, header: ` ${header}`, signatures: [] },
      { body, header },
      { body, header, signatures: null },
      { body, header, signatures: [1] },
      { body, header, signatures: Array.from({ length: 65 }, () => '') },
      { body, header, signatures: ['x'.repeat(16_385)] },
      { body, header, signatures: ['é'.repeat(8193)] },
      { body, header, signatures: ['x', 'x'] },
      { body, header, signatures: [], zero: 1 },
      { header, body, signatures: [] },
      { body: 1, header, signatures: [] },
      [],
      null,
      'x',
    ];
    for (const value of wrong) {
      const [code] = codes(value);
      const isHeader = JSON.stringify(value).includes('\\"n\\":8');
      assert.equal(code, isHeader ? 'proof.notIncluded' : 'proof.noEvent', JSON.stringify(value));
    }
    assert.deepEqual(codesOf({ proof: changed(proofOf(9), { extra: null }) }), ['proof.noEvent']);
    const bytes = Buffer.from([0xff, 0xfe]);
    assert.deepEqual(codesOf({ proof: changed(proofOf(9), { extra: bytes }) }), ['proof.noEvent']);
  });

  it('any change of any character breaks it, but for the signatures in the extra', () => {
    const proof = proofOf(9, 20);
    fc.assert(
      fc.property(
        fc.nat(proof.length - 1),
        fc.string({ minLength: 1, maxLength: 1 }),
        (at, text) => {
          const other = proof.slice(0, at) + text + proof.slice(at + 1);
          if (other === proof) return;
          const report = checkProof({ proof: other });
          assert.ok(!report.holds, `${at}: ${text}`);
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('any text is answered', () => {
    const start = fc.constantFrom('', 'old ', 'c2sp.org/tlog-proof@v1\n', 'old 1\n\n');
    fc.assert(
      fc.property(start, fc.string(), fc.string(), (begin, proof, other) => {
        const input = { proof: begin + proof, checkpoint: other, consistency: begin + other };
        assert.ok(!checkProof({ ...input, allowedSigners: other, keys: [other] }).holds);
      }),
    );
  });
});

describe('checking a proof against a trusted checkpoint', () => {
  it('the same, an older one and a newer one', () => {
    const relations = [
      { proof: proofOf(9), checkpoint },
      { proof: proofOf(5), checkpoint: checkpointOf(5), consistency: consistency(5, 24) },
      { proof: proofOf(3, 5), checkpoint, consistency: consistency(5, 24) },
    ].map((input) => {
      const { anchors, levels, warnings } = held(input);
      assert.deepEqual([levels, warnings], [['L0', 'L2'], []]);
      return anchors.map((one) => (one.kind === 'checkpoint' ? one.relation : one.by));
    });
    assert.deepEqual(relations, [['same'], ['extends'], ['extended-by']]);
  });

  it('what no custodian saw is not at L2', () => {
    const root = leafHash('made up').toString('base64');
    const none = checkpointOf(0);
    const doubts = [
      { proof: proofOf(9) },
      { proof: proofOf(6), checkpoint: checkpointOf(5), consistency: consistency(5, 24) },
      { proof: proofOf(6), checkpoint: none, consistency: consistency(0, 24) },
      {
        proof: consistency(0, 24).replace(checkpoint.split('\n')[2]!, root),
        checkpoint: none,
      },
    ].map((input) => {
      const { levels, warnings } = held(input);
      assert.deepEqual(levels, ['L0']);
      return warnings.map(({ code }) => code).join();
    });
    const older = 'checkpoint.older';
    assert.deepEqual(doubts, ['checkpoint.notCompared', older, older, 'checkpoint.empty']);
  });

  it('takes a kept checkpoint with the ends of lines that mail makes, and nothing else', () => {
    const proof = proofOf(9);
    for (const kept of [
      checkpoint.replaceAll('\n', '\r\n'),
      checkpoint.trim(),
      `${checkpoint}\n\n`,
    ])
      assert.deepEqual(held({ proof, checkpoint: kept }).levels, ['L0', 'L2']);
    for (const other of [`\n${checkpoint}`, checkpoint.replaceAll('\n', '\r'), `${checkpoint} `])
      assert.deepEqual(codesOf({ proof, checkpoint: other }), ['checkpoint.unreadable']);
  });

  it('refuses one of another root, another ledger, or without what leads to it', () => {
    const proof = proofOf(9);
    const last = checkpoint.split('\n')[2]!;
    const split = checkpoint.replace(last, leafHash('x').toString('base64'));
    assert.deepEqual(codesOf({ proof, checkpoint: split }), ['checkpoint.split']);
    const foreign = checkpoint.replace(ledger, '0'.repeat(32));
    assert.deepEqual(codesOf({ proof, checkpoint: foreign }), ['checkpoint.otherLedger']);
    assert.deepEqual(codesOf({ proof, checkpoint: 'x' }), ['checkpoint.unreadable']);
    const older = checkpointOf(5);
    assert.deepEqual(codesOf({ proof, checkpoint: older }), ['checkpoint.unconnected']);
    assert.deepEqual(codesOf({ proof, consistency: consistency(5, 24) }), ['checkpoint.missing']);
    const given = { proof, checkpoint: older };
    assert.deepEqual(codesOf({ ...given, consistency: 'x' }), ['consistency.unreadable']);
    assert.deepEqual(codesOf({ ...given, consistency: consistency(6, 24) }), ['consistency.other']);
    assert.deepEqual(codesOf({ ...given, consistency: consistency(5, 23) }), ['consistency.other']);
    const stranger = consistency(5, 24).replace(last, leafHash('x').toString('base64'));
    assert.deepEqual(codesOf({ ...given, consistency: stranger }), ['consistency.fails']);
    const bent = consistency(6, 24).replace('old 6', 'old 5');
    assert.deepEqual(codesOf({ ...given, consistency: bent }), ['consistency.fails']);
    const rebuilt = older.replace(older.split('\n')[2]!, leafHash('y').toString('base64'));
    assert.deepEqual(codesOf({ proof, checkpoint: rebuilt, consistency: consistency(5, 24) }), [
      'consistency.fails',
    ]);
  });

  it('a consistency proof says where it begins, any other text nothing', () => {
    assert.deepEqual(proofStart(consistency(3, 5)), { ledger, size: 3 });
    for (const text of [proofOf(1), '', 'old ', 'old 3\n\nnone', 'old -1\n\n' + checkpointOf(5)])
      assert.equal(proofStart(text), null);
  });

  it('a consistency proof alone leads from the trusted checkpoint to another', () => {
    const report = held({ proof: consistency(5, 24), checkpoint: checkpointOf(5) });
    assert.deepEqual(
      [report.kind, report.point?.size, report.seen, report.levels, report.warnings],
      ['consistency', 24, 5, ['L0', 'L2'], []],
    );
    held({ proof: consistency(24, 24), checkpoint });
    assert.deepEqual(codesOf({ proof: consistency(5, 24) }), ['checkpoint.missing']);
    assert.deepEqual(codesOf({ proof: consistency(5, 24), checkpoint: checkpointOf(6) }), [
      'consistency.other',
    ]);
    assert.deepEqual(codesOf({ proof: consistency(5, 24), checkpoint }), ['consistency.other']);
  });
});

describe('checking a proof with keys', () => {
  const [ci, witness] = [signer('ci.example/log', 1), signer('witness.example', 4)];
  const noteOf = (...lines: readonly string[]): string => `${checkpoint}\n${lines.join('')}`;
  const signed = noteOf(ci.line(checkpoint), witness.line(checkpoint, 1_700_000_000));
  const proof = changed(proofOf(9), { checkpoint: signed });

  it('one of them signed the checkpoint in the proof, or the trusted one', () => {
    const keys = [ci.vkey, witness.vkey];
    const point = parseCheckpoint(checkpoint)!;
    const { anchors, warnings } = held({ proof, keys });
    assert.deepEqual(anchors, [
      { kind: 'signed', by: 'ci.example/log', time: null, point },
      { kind: 'signed', by: 'witness.example', time: '2023-11-14T22:13:20.000Z', point },
    ]);
    assert.deepEqual(warnings, []);
    const report = held({ proof: proofOf(9), checkpoint: signed, keys: [witness.vkey] });
    assert.deepEqual(
      report.anchors.map(({ kind }) => kind),
      ['checkpoint', 'signed'],
    );
    assert.deepEqual(report.levels, ['L0', 'L2']);
  });

  it('nobody signed it, another key did, or a known one did not', () => {
    const other = signer('ci.example/log', 1);
    assert.deepEqual(codesOf({ proof: proofOf(9), keys: [ci.vkey] }), ['checkpoint.unsigned']);
    assert.deepEqual(codesOf({ proof, keys: [other.vkey] }), ['checkpoint.unsigned']);
    const forged = noteOf(ci.line(checkpoint), witness.line('another\n'));
    const bent = changed(proof, { checkpoint: forged });
    const keys = [ci.vkey, witness.vkey];
    assert.deepEqual(codesOf({ proof: bent, keys }), ['checkpoint.badSignature']);
    assert.deepEqual(codesOf({ proof: bent, keys: [ci.vkey] }), []);
    assert.deepEqual(codesOf({ proof, keys: ['x'] }), ['key.unreadable']);
    const trusted = { proof: proofOf(9), checkpoint: forged };
    assert.deepEqual(codesOf({ ...trusted, keys }), ['checkpoint.badSignature']);
  });
});
