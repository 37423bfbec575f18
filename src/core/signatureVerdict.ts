import type { SignatureStatus } from './rows.js';
import { judgeSigner, type AllowedSigner, type AllowedSigners } from './ssh/allowedSigners.js';
import { fingerprint, type SshPublicKey } from './ssh/publicKey.js';
import type { SshProblemCode } from './ssh/result.js';
import { parseSshsig } from './ssh/sshsig.js';
import { verifyParsedSshsig } from './ssh/verifySshsig.js';

/** What people's signatures are made for (DESIGN.md §3). */
export const signatureNamespace = 'prompt-audit';

/** What the bytes of a signature say, before anybody asks whose key it is. */
export interface JudgedSignature {
  /** `good`: by `key` over the header. */
  readonly status: Extract<SignatureStatus, 'good' | 'bad' | 'unsupported' | 'unreadable'>;
  readonly key: SshPublicKey | null;
  /** `SHA256:…`; null where no key could be read. */
  readonly fingerprint: string | null;
  readonly keyType: string | null;
}

const statusOf: Readonly<Record<SshProblemCode, JudgedSignature['status']>> = {
  malformed: 'unreadable',
  certificate: 'unsupported',
  unsupported: 'unsupported',
  weak: 'unsupported',
  namespace: 'bad',
  bad: 'bad',
};

/** Judges an armoured SSHSIG over the bytes of a header; undefined bytes are those that are not in the ledger. */
export function judgeSignature(
  bytes: Uint8Array | string | undefined,
  headerText: string,
): JudgedSignature {
  const parsed = bytes === undefined ? null : parseSshsig(bytes);
  if (parsed === null || !parsed.ok) {
    const status = parsed === null ? 'unreadable' : statusOf[parsed.problem.code];
    return { status, key: null, fingerprint: null, keyType: null };
  }
  const { key } = parsed.value;
  const result = verifyParsedSshsig(parsed.value, headerText, signatureNamespace);
  return {
    status: result.ok ? 'good' : statusOf[result.problem.code],
    key,
    fingerprint: fingerprint(key),
    keyType: key.type,
  };
}

/**
 * Whether a judged signature counts for an address by the lines of allowed_signers. `at` is the time of its
 * `signature.attached` event. The signer is the line that says so, or the nearest one that does not.
 */
export function signerStatus(input: {
  readonly judged: JudgedSignature;
  readonly signers: AllowedSigners;
  readonly email: string | null;
  readonly at: string;
}): { readonly status: SignatureStatus; readonly signer: AllowedSigner | null } {
  const { judged, signers, email, at } = input;
  const { key, status } = judged;
  if (key === null) return { status, signer: null };
  const verdict = judgeSigner(signers, {
    key,
    principal: email ?? '',
    namespace: signatureNamespace,
    time: Math.floor(Date.parse(at) / 1000),
    ignoreCase: true,
  });
  // Nobody known is nobody, whatever the patterns match.
  const isNobody = email === null && verdict.signer !== null;
  const found = isNobody ? 'other-person' : verdict.status;
  return { status: status === 'good' ? found : status, signer: verdict.signer };
}
