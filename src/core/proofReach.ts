import { remark } from './proofAnchors.js';
import type {
  ProofAnchor,
  ProofRemark,
  ProofReport,
  ProofSignature,
  TrustLevel,
} from './proofReport.js';

type Found = Omit<ProofReport, 'holds' | 'levels' | 'limits' | 'seen'>;

/** How many events at the beginning of the ledger the anchors of a proof that holds cover; 0 without anchors. */
export function seenBy(anchors: readonly ProofAnchor[]): number {
  return Math.max(0, ...anchors.map(({ point }) => point.size));
}

/** What a proof that holds is worth. Another custodian counts only for what this custodian saw. */
export function levelsOf({ signatures, event }: Found, seen: number): readonly TrustLevel[] {
  const own = (one: ProofSignature): boolean => one.status === 'good' && one.principals !== null;
  const isSeen = seen > 0 && (event === null || event.seq <= seen);
  return [
    'L0',
    ...(signatures.some(own) ? (['L1'] as const) : []),
    ...(isSeen ? (['L2'] as const) : []),
  ];
}

/** Why a proof that holds may still be made up by whoever gave it; null when others saw what it is about. */
export function unseen({ kind, anchors, event }: Found, seen: number): ProofRemark | null {
  if (kind === 'consistency')
    return seen > 0
      ? null
      : remark(
          'checkpoint.empty',
          'Nothing is shown: every ledger follows from a checkpoint of no events.',
        );
  if (anchors.length === 0)
    return remark(
      'checkpoint.notCompared',
      'This fits the checkpoint inside the proof, which was compared with nothing: anybody can make such a proof.',
    );
  if (event === null || event.seq <= seen) return null;
  const covered = seen === 0 ? 'no event' : `only the first ${seen}`;
  return remark(
    'checkpoint.older',
    `This fits a checkpoint that extends the trusted one, which covers ${covered}: nobody else saw event ${event.seq}.`,
  );
}

/** Whether a warning is about the checkpoint, not about a signature. */
export function isAboutCheckpoint({ code }: ProofRemark): boolean {
  return code.startsWith('checkpoint.');
}
