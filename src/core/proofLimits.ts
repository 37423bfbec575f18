import type { ProofInput, ProofReport } from './proofReport.js';

/** What a proof that holds still does not show, one sentence each; for one that does not hold, nothing. */
export function limitsOf(
  { holds, kind, anchors, event, signatures }: Omit<ProofReport, 'levels' | 'limits' | 'seen'>,
  input: ProofInput,
): readonly string[] {
  if (!holds) return [];
  const limits: string[] = [];
  if (anchors.length === 0)
    limits.push(
      'The checkpoint stands in the proof itself: compare it with one that you have from elsewhere.',
    );
  else if (anchors.every((one) => one.kind === 'checkpoint'))
    limits.push('This is worth as much as the place from which you have the trusted checkpoint.');
  if (kind === 'consistency') return limits;
  if (event?.body === null)
    limits.push('The details of the event are not here: redacted, or left out of the proof.');
  limits.push(
    'What came later, such as a revocation, is not in it; the time is what the clock of the writer said.',
  );
  if (signatures.length === 0)
    limits.push('Nobody signed the event: who acted is what git was told.');
  else if (input.allowedSigners === undefined)
    limits.push('Whose key it is that signed, only an allowed_signers file says.');
  else
    limits.push(
      'That the person of the event is the one of the key, the declaration of this person says, which is another event.',
    );
  return limits;
}
