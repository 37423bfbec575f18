import { parseConsistencyProof } from './consistencyProof.js';
import { keptCheckpoint } from './keptCheckpoint.js';
import { verifyConsistency } from './merkleProof.js';
import { parseVkey, verifyNote, type NoteKey } from './noteKeys.js';
import type { ProofAnchor, ProofInput, ProofRemark } from './proofReport.js';
import type { LedgerPoint } from './rows.js';
import { readCheckpoint, type GivenCheckpoint } from './signedCheckpoint.js';

export interface Anchoring {
  readonly anchors: readonly ProofAnchor[];
  readonly problems: readonly ProofRemark[];
}

type Result = ProofAnchor | ProofRemark;

/** What the checker's own checkpoint, consistency proof and keys say of the checkpoint of a proof. */
export function anchor(proven: GivenCheckpoint, input: ProofInput): Anchoring {
  const results: Result[] = [];
  let trusted: GivenCheckpoint | undefined;
  if (input.checkpoint !== undefined) {
    const read = readCheckpoint(keptCheckpoint(input.checkpoint));
    if (typeof read === 'string') {
      results.push(remark('checkpoint.unreadable', `The trusted checkpoint: ${read}.`));
    } else {
      trusted = read;
      results.push(compared(proven.point, read.point, input.consistency));
    }
  } else if (input.consistency !== undefined) {
    results.push(
      remark('checkpoint.missing', 'A consistency proof says nothing without a checkpoint.'),
    );
  }
  const notes = trusted === undefined ? [proven] : [proven, trusted];
  if (input.keys !== undefined && input.keys.length > 0)
    results.push(...signedBy(notes, input.keys));
  return {
    anchors: results.filter((one): one is ProofAnchor => 'kind' in one),
    problems: results.filter((one): one is ProofRemark => 'code' in one),
  };
}

function compared(proven: LedgerPoint, trusted: LedgerPoint, consistency?: string): Result {
  if (proven.id !== trusted.id)
    return remark(
      'checkpoint.otherLedger',
      `The proof is of ledger ${proven.id}, the trusted checkpoint of ${trusted.id}.`,
    );
  if (proven.size === trusted.size && proven.root !== trusted.root)
    return remark(
      'checkpoint.split',
      `Over ${proven.size} events the proof has the root ${proven.root}, the trusted checkpoint ${trusted.root}.`,
    );
  if (proven.size === trusted.size && consistency === undefined)
    return { kind: 'checkpoint', relation: 'same', point: trusted };
  const [older, newer] = proven.size < trusted.size ? [proven, trusted] : [trusted, proven];
  if (consistency === undefined)
    return remark(
      'checkpoint.unconnected',
      `The trusted checkpoint covers ${trusted.size} events, that of the proof ${proven.size}: ` +
        'only a consistency proof between them shows that they are of one ledger.',
    );
  const problem = connects(older, newer, consistency);
  if (problem !== null) return problem;
  const relation =
    older.size === newer.size ? 'same' : older === trusted ? 'extends' : 'extended-by';
  return { kind: 'checkpoint', relation, point: trusted };
}

/** Why a consistency proof does not lead from one checkpoint to the other; null when it does. */
function connects(older: LedgerPoint, newer: LedgerPoint, text: string): ProofRemark | null {
  const proof = parseConsistencyProof(text);
  if (typeof proof === 'string')
    return remark('consistency.unreadable', `The consistency proof cannot be read: ${proof}.`);
  const read = readCheckpoint(proof.checkpoint);
  if (typeof read === 'string')
    return remark('consistency.unreadable', `The checkpoint of the consistency proof: ${read}.`);
  const { point } = read;
  if (proof.oldSize !== older.size || point.id !== newer.id || point.size !== newer.size)
    return remark(
      'consistency.other',
      `The consistency proof leads from ${proof.oldSize} to ${point.size} events, ` +
        `not from ${older.size} to ${newer.size} of this ledger.`,
    );
  const claim = { oldSize: older.size, oldRoot: older.root, size: newer.size, root: newer.root };
  if (point.root === newer.root && verifyConsistency({ ...claim, path: proof.path })) return null;
  return remark(
    'consistency.fails',
    `The ledger of ${newer.size} events does not extend the one of ${older.size}: ` +
      'the consistency proof does not lead from one root to the other.',
  );
}

function signedBy(notes: readonly GivenCheckpoint[], vkeys: readonly string[]): readonly Result[] {
  const keys: NoteKey[] = [];
  for (const vkey of vkeys) {
    const key = parseVkey(vkey);
    if (typeof key === 'string') return [remark('key.unreadable', `A key cannot be read: ${key}.`)];
    keys.push(key);
  }
  const anchors: ProofAnchor[] = [];
  for (const { note, point } of notes) {
    const verified = note === null ? [] : verifyNote(note, keys);
    if (typeof verified === 'string')
      return [remark('checkpoint.badSignature', `The checkpoint is refused: ${verified}.`)];
    for (const { key, time } of verified)
      anchors.push({ kind: 'signed', by: key.name, time: isoTime(time), point });
  }
  if (anchors.length > 0) return anchors;
  return [remark('checkpoint.unsigned', 'None of the given keys signed the checkpoint.')];
}

/** Dates end long before the numbers that a cosignature can hold. */
function isoTime(seconds: number | null): string | null {
  return seconds === null || seconds > 253_402_300_799
    ? null
    : new Date(seconds * 1000).toISOString();
}

export const remark = (code: string, message: string): ProofRemark => ({ code, message });
