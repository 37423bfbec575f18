import type { LedgerEvent } from './event.js';
import type { ProofRemark, ProofSignature } from './proofReport.js';
import { signatureText } from './signatureText.js';
import { judgeSignature, signerStatus, type JudgedSignature } from './signatureVerdict.js';
import { parseAllowedSigners, type AllowedSigner } from './ssh/allowedSigners.js';
import { isSameKey } from './ssh/publicKey.js';

/**
 * What each signature of a proof is worth. Without allowed signers `good` says only that the key signed; with
 * them, that one of their lines has the key for this purpose at the time that the event claims.
 */
export function judgeSignatures(
  event: LedgerEvent,
  signatures: readonly string[],
  allowedSigners: string | undefined,
): readonly ProofSignature[] {
  const signers = allowedSigners === undefined ? null : parseAllowedSigners(allowedSigners).signers;
  return signatures.map((armoured) => {
    const judged = judgeSignature(armoured, event.headerText);
    const { fingerprint, keyType } = judged;
    const whose =
      signers === null || judged.status !== 'good'
        ? { status: judged.status, principals: null }
        : allowed(signers, judged, event.header.at);
    return { fingerprint, keyType, ...whose };
  });
}

/** The line that allows the key, whoever it names: a proof does not have the address of its person. */
function allowed(
  signers: readonly AllowedSigner[],
  judged: JudgedSignature,
  at: string,
): Pick<ProofSignature, 'status' | 'principals'> {
  const lines = signers
    .filter((line) => judged.key !== null && isSameKey(line.key, judged.key))
    .map((line) => {
      const anybody = { signers: [{ ...line, principals: '*' }], problems: [] };
      const { status } = signerStatus({ judged, signers: anybody, email: 'anybody', at });
      return { status, principals: Buffer.from(line.principals, 'latin1').toString('utf8') };
    });
  const best = lines.find(({ status }) => status === 'good') ?? lines[0];
  return best ?? { status: 'unknown-key', principals: null };
}

/** One remark for each that does not count. */
export function signatureWarnings(signatures: readonly ProofSignature[]): readonly ProofRemark[] {
  return signatures
    .filter(({ status }) => status !== 'good')
    .map((one) => ({ code: `signature.${one.status}`, message: `${signatureText(one)}.` }));
}
