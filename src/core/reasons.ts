/** Why a decision or a deployment is refused, or what a verdict rests on, in words for people. */
export const reasonTexts = {
  'approver.contributed': 'you contributed to this version since the last approved one',
  'approver.role': 'your address has none of the roles whose approvals count',
  'approval.missing': 'it does not have enough approvals for this environment',
  'approval.unattended':
    'an approval was given without asking a person, which the policy counts only with a signature',
  'approval.unsigned':
    'an approval has no signature by a key of its person from before that, and the policy asks for one',
  'approval.quota':
    'it lacks an approval by somebody of the roles that the policy asks for besides',
  'approval.expired': 'an approval is older than the policy lets it count',
  'approval.scope': 'an approval was not given for this environment',
  'approval.policy': 'an approval was given under another policy',
  'approval.reason': 'the policy asks for a reason with each approval',
  'approval.meaning': 'an approval does not have one of the meanings that the policy names',
  'approval.sameClone': 'an approval came from the clone that had recorded or proposed the text',
  'approval.revoked': 'an approval was revoked by its own person',
  'approval.superseded': 'somebody decided anew after their approval',
  'approval.otherVersion': 'an approval is of another version, not of these bytes',
  'approval.after': 'an approval came after it',
  'approval.unordered': 'nobody can tell whether an approval came before it',
  'approver.agent': 'programs and services do not approve; a person has to',
  'approver.owner': 'CODEOWNERS does not name you as an owner of this prompt',
  'comments.open': 'comments on it are open, and the policy wants them resolved',
  'changes.requested': 'a reviewer asked for changes',
  'decision.signedStands':
    'a signed objection stands: nothing of the same person that is signed, too, has replaced or revoked it',
  'version.rejected': 'a reviewer rejected it',
  'version.withdrawn': 'it was withdrawn',
  'environment.unknown': 'the policy names no such environment',
  'deployer.role': 'your address has none of the roles that may deploy to this environment',
  'deployer.approved': 'you approved it, and the policy wants somebody else to deploy it',
  'deployer.contributed':
    'you contributed to it since the last approved version, and the policy wants somebody else to deploy it',
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
  'deployment.notPromoted':
    'this version was not deployed with success to the environment before, as the policy asks',
  'promotion.unfounded':
    'it names a deployment as promoted that is not one of these bytes to another environment before it',
  'prompt.retired': 'the prompt was retired',
  'breakGlass.used': 'it was deployed by break-glass, against the rules',
  'breakGlass.off': 'the policy permits no break-glass in this environment',
  'breakGlass.role': 'your address has none of the roles that may use break-glass here',
  'review.own': 'you deployed it yourself, and somebody else has to review that',
  'review.unordered': 'it is not a review of something that its author had seen',
  'review.unattended':
    'nobody was asked, and the policy counts only what a person confirmed or signed',
  'reviewer.agent': 'programs and services do not review; a person has to',
  'reviewer.role': 'your address has none of the roles whose reviews count',
} as const satisfies Record<string, string>;

export type ReasonCode = keyof typeof reasonTexts;

/** The same of somebody else, where the words above are said to the person who acts. */
const factTexts: Readonly<Partial<Record<ReasonCode, string>>> = {
  'approver.agent': 'it is by a program or a service',
  'approver.contributed': 'its person contributed to the version since the last approved one',
  'approver.owner': 'CODEOWNERS does not name its person as an owner of the prompt',
  'approver.role': 'its person has none of the roles whose approvals count',
  'approval.after': 'it came after what is judged',
  'approval.expired': 'it was older than the policy lets it count',
  'approval.meaning': 'it has none of the meanings that the policy names',
  'approval.missing': 'not enough approvals count',
  'approval.otherVersion': 'it is of another version, not of these bytes',
  'approval.policy': 'it was given under another policy',
  'approval.reason': 'it has no reason, and the policy asks for one',
  'approval.revoked': 'its own person revoked it',
  'approval.sameClone': 'it came from the clone that had recorded or proposed the text',
  'approval.scope': 'it was not given for this environment',
  'approval.superseded': 'its person decided anew',
  'approval.unattended': 'nobody was asked, and it has no signature that counts',
  'approval.unordered': 'nobody can tell whether it came before what is judged',
  'approval.unsigned': 'it had no signature that counts by then',
  'decision.redacted': 'its details were redacted, so nobody can tell whether it counts',
  'deployer.approved': 'the deployer had approved it',
  'deployer.contributed': 'the deployer had contributed to it since the last approved version',
  'deployer.role': 'the deployer had none of the roles that may deploy there',
  'redactor.role': 'who redacted had none of the roles that may',
  'breakGlass.role': 'the deployer had none of the roles that may use break-glass there',
  'review.own': 'it is by who had deployed it',
  'reviewer.agent': 'it is by a program or a service',
  'reviewer.role': 'its person has none of the roles whose reviews count',
};

/** As reasonText, but about somebody else and what they did. */
export function factText(code: string): string {
  return factTexts[code as ReasonCode] ?? reasonText(code);
}

/** The same for who wants to deploy: what is said of approvers is not about them. */
export function deploymentReasonText(code: string): string {
  return code.startsWith('approver.')
    ? `an approval does not count: ${factText(code)}`
    : reasonText(code);
}

/** The English words for a reason code; an unknown code is shown as it is. */
export function reasonText(code: string): string {
  return Object.hasOwn(reasonTexts, code) ? reasonTexts[code as ReasonCode] : code;
}
