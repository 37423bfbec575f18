import type { VersionRecord } from '../../core/state.js';
import { personText } from '../cellText.js';
import type { Block } from '../document.js';
import { manifestationOf, signatureWords, type Manifestation } from '../manifestation.js';
import { claimedTime } from '../timeWords.js';
import type { EvidenceView } from '../view.js';

/** The decisions on a version: each with name, time and meaning, as a signature has to be shown. */
export function decisionBlocks(view: EvidenceView, version: VersionRecord): readonly Block[] {
  if (version.decisions.length === 0)
    return [{ kind: 'text', text: 'Nobody decided on this version.' }];
  const items = version.decisions.map((one) => manifestationText(manifestationOf(view, one)));
  return [{ kind: 'list', items }];
}

const words = {
  approved: 'Approved',
  'changes-requested': 'Changes requested',
  rejected: 'Rejected',
} as const;

/** The words that stand for a signature wherever a decision is shown. */
export function manifestationText(made: Manifestation): string {
  const { by, decision, at, utcOffset, meaning, reason, envs, digest, policy, signature } = made;
  const where = envs === null ? '' : ` for ${envs.join(', ')}`;
  const said = made.isRedacted
    ? 'its meaning and reason were redacted'
    : `meaning: “${meaning ?? 'none given'}”${reason === null ? '' : `; reason: “${reason}”`}`;
  const key = signature?.fingerprint == null ? '' : `, key ${signature.fingerprint}`;
  return [
    `${words[decision]}${where} by ${personText(by)} on ${claimedTime(at, utcOffset)}; ${said}.`,
    `${capital(signatureWords(made))}${key}.`,
    `It is about the text ${short(digest)} under the policy ${short(policy)}.`,
    ...(made.unattended ? ['Nobody was asked: it was given unattended.'] : []),
    ...(made.revokedBy === null
      ? []
      : [`Revoked later by the same person (${made.revokedBy.slice(0, 12)}).`]),
    `Event ${made.event.slice(0, 12)}.`,
  ].join(' ');
}

const short = (digest: string): string => digest.replace(/^sha256:/, '').slice(0, 12);
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
