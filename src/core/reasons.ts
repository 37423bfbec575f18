/** Why a decision or a deployment is refused, or what a verdict rests on, in words for people. */
export const reasonTexts = {
  'approver.contributed': 'you contributed to this version since the last approved one',
  'approver.role': 'your address has none of the roles whose approvals count',
  'approval.missing': 'it does not have enough approvals for this environment',
  'approval.unattended':
    'an approval was given without asking a person, which the policy counts only with a signature',
  'approval.unsigned':
    'an approval has no signature by a key of its person from before that, and the policy asks for one',
  'changes.requested': 'a reviewer asked for changes',
  'version.rejected': 'a reviewer rejected it',
  'version.withdrawn': 'it was withdrawn',
  'environment.unknown': 'the policy names no such environment',
  'deployer.role': 'your address has none of the roles that may deploy to this environment',
  'deployer.approved': 'you approved it, and the policy wants somebody else to deploy it',
  'person.redacted':
    'the details of somebody who acted were redacted, so their roles cannot be checked any more',
  'decision.redacted':
    'the details of an approval were redacted, so nobody can tell whether a person was asked',
  'policy.redacted': 'the policy that judged was redacted, so the verdict cannot be made again',
  'redactor.nobody': 'the policy names nobody who may redact',
  'redactor.role': 'your address has none of the roles that may redact',
  'redaction.unattended': 'nobody was asked, and the policy wants a person to redact',
  'redaction.unexplained': 'it gives no reason',
  'target.unknown': 'there is no such event or text before it',
  'target.kept': 'the details of such an event are needed to verify the trail',
  'target.inForce': 'this policy is still in force; adopt another one first',
  'target.evidence': 'it shows who was allowed to redact, and has to stay',
  'push.refused': 'the remote can be read, but it does not take this push',
  'login.needed': 'the remote wants to know who asks, and git could not log in by itself',
  'deployment.imported': 'it was imported from a tag: no policy of this ledger was asked',
  'breakGlass.used': 'it was deployed by break-glass, against the rules',
} as const satisfies Record<string, string>;

export type ReasonCode = keyof typeof reasonTexts;

/** The English words for a reason code; an unknown code is shown as it is. */
export function reasonText(code: string): string {
  return Object.hasOwn(reasonTexts, code) ? reasonTexts[code as ReasonCode] : code;
}
