import { reasonText, type ReasonCode } from './reasons.js';

/** Why the gate does not let something pass, or what it wants to be seen, besides what verdicts say of a version. */
export const gateReasonTexts = {
  'prompt.unregistered': 'the ledger has no prompt at this path: record and propose it',
  'bytes.unknown': 'the ledger does not know this text: propose it',
  'bytes.unproposed': 'this text was recorded, but nobody proposed it as a version',
  'bytes.elsewhere':
    'a version of another prompt has this text, and its approvals are for that one only',
  'bytes.mismatch': 'the deployment names another text than its version has',
  'file.link':
    'it is a link or a submodule, or stands behind one: nobody can approve what it leads to',
  'file.collides':
    'its name, or that of a folder, differs from another only in case or in how letters are encoded: some systems take one for the other',
  'file.tooLarge': 'it is larger than a prompt may be',
  'file.unreadable': 'its text cannot be read here',
  'file.untracked': 'it would no longer be a prompt, and nobody would be asked about it any more',
  'version.parts':
    'its proposal claims another model, tools, permissions or text than it has, and a rule asks what changes',
  'file.deleted': 'it is deleted',
  'policy.changed': 'the rules themselves change: see who has to review that',
  'policy.moved':
    'another branch would be the protected one: an administrator who wants that overrides this check',
  'policy.broken': 'with this policy nobody could decide or deploy any more',
} as const satisfies Record<string, string>;

export type GateReasonCode = ReasonCode | keyof typeof gateReasonTexts;

/** The English words for a reason of the gate; an unknown code is shown as it is. */
export function gateReasonText(code: string): string {
  return Object.hasOwn(gateReasonTexts, code)
    ? gateReasonTexts[code as keyof typeof gateReasonTexts]
    : reasonText(code);
}
