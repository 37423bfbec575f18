import { looksLikeConsistencyProof, parseConsistencyProof } from './consistencyProof.js';
import { decodeEvidence } from './eventEvidence.js';
import type { LedgerEvent } from './event.js';
import { leafHash } from './merkle.js';
import { verifyInclusion } from './merkleProof.js';
import { anchor, remark } from './proofAnchors.js';
import { limitsOf } from './proofLimits.js';
import { levelsOf, seenBy, unseen } from './proofReach.js';
import type { ProofInput, ProofRemark, ProofReport, ProvenEvent } from './proofReport.js';
import { judgeSignatures, signatureWarnings } from './proofSignatures.js';
import { readCheckpoint } from './signedCheckpoint.js';
import { parseTlogProof } from './tlogProof.js';

/**
 * Checks a proof without any ledger (docs/LEDGER.md, "Proofs"). Never throws: whatever is wrong with the texts
 * stands in `problems`.
 */
export function checkProof(input: ProofInput): ProofReport {
  const found = looksLikeConsistencyProof(input.proof) ? consistency(input) : inclusion(input);
  const holds = found.problems.length === 0;
  const seen = holds ? seenBy(found.anchors) : 0;
  const levels = holds ? levelsOf(found, seen) : [];
  const doubt = holds ? unseen(found, seen) : null;
  const warnings = doubt === null ? found.warnings : [doubt, ...found.warnings];
  const limits = limitsOf({ ...found, holds }, input);
  return { ...found, holds, warnings, seen, levels, limits };
}

type Found = Omit<ProofReport, 'holds' | 'levels' | 'limits' | 'seen'>;

const nothing: Found = {
  kind: 'unknown',
  problems: [],
  warnings: [],
  point: null,
  event: null,
  signatures: [],
  anchors: [],
};

function inclusion(input: ProofInput): Found {
  const proof = parseTlogProof(input.proof);
  if (typeof proof === 'string')
    return failed(nothing, 'proof.unreadable', `This is no proof that can be read: ${proof}.`);
  const kind = 'inclusion';
  const checkpoint = readCheckpoint(proof.checkpoint);
  if (typeof checkpoint === 'string')
    return failed({ ...nothing, kind }, 'proof.unreadable', `Its checkpoint: ${checkpoint}.`);
  const { point } = checkpoint;
  const read = { ...nothing, kind, point } as const;
  if (proof.extra === null)
    return failed(read, 'proof.noEvent', 'The proof has no extra line, so not the event itself.');
  const evidence = decodeEvidence(proof.extra);
  if (typeof evidence === 'string')
    return failed(read, 'proof.noEvent', `The event cannot be read: ${evidence}.`);
  const { event } = evidence;
  const problems: ProofRemark[] = [];
  if (event.header.ledger !== point.id)
    problems.push(
      remark(
        'proof.otherLedger',
        `The event is of ledger ${event.header.ledger}, not ${point.id}.`,
      ),
    );
  const leaf = leafHash(event.headerText);
  if (!verifyInclusion({ ...point, leaf, index: proof.index, path: proof.path }))
    problems.push(
      remark(
        'proof.notIncluded',
        `The event is not number ${proof.index + 1} of the ${point.size} events of this checkpoint.`,
      ),
    );
  const anchoring = anchor(checkpoint, input);
  const signatures = judgeSignatures(event, evidence.signatures, input.allowedSigners);
  return {
    ...read,
    problems: [...problems, ...anchoring.problems],
    warnings: signatureWarnings(signatures),
    event: provenEvent(event, proof.index + 1),
    signatures,
    anchors: anchoring.anchors,
  };
}

/** What leads from the trusted checkpoint to another one. */
function consistency(input: ProofInput): Found {
  const proof = parseConsistencyProof(input.proof);
  if (typeof proof === 'string')
    return failed(nothing, 'proof.unreadable', `This is no proof that can be read: ${proof}.`);
  const kind = 'consistency';
  const newer = readCheckpoint(proof.checkpoint);
  if (typeof newer === 'string')
    return failed({ ...nothing, kind }, 'proof.unreadable', `Its checkpoint: ${newer}.`);
  const { point } = newer;
  const read = { ...nothing, kind, point } as const;
  if (input.checkpoint === undefined)
    return failed(
      read,
      'checkpoint.missing',
      `This leads from a checkpoint of ${proof.oldSize} events to one of ${point.size}: ` +
        'give the older one, which you have from elsewhere.',
    );
  const { anchors, problems } = anchor(newer, { ...input, consistency: input.proof });
  return { ...read, anchors, problems };
}

function failed(found: Found, code: string, message: string): Found {
  return { ...found, problems: [...found.problems, remark(code, message)] };
}

function provenEvent(event: LedgerEvent, seq: number): ProvenEvent {
  const { header } = event;
  return {
    id: event.id,
    seq,
    type: event.type,
    at: header.at,
    who: header.who,
    prompt: header.prompt ?? null,
    refs: (JSON.parse(event.headerText) as Pick<ProvenEvent, 'refs'>).refs,
    body: event.body as ProvenEvent['body'],
  };
}
