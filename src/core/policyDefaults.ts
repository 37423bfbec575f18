import type { ApprovalRule, RedactionRule } from './policy.js';

export const defaultExclude: readonly string[] = ['**/node_modules/**', '.prompt-audit/**'];

/** What judges where a policy says nothing of approvals. */
export const defaultApprovals: ApprovalRule = {
  required: 1,
  roles: [],
  allOf: [],
  codeowners: false,
  contributors: false,
  unattended: true,
  signed: false,
  sameClone: true,
  expires: null,
  reason: false,
  meanings: [],
  otherPolicy: true,
  scoped: false,
  openComments: true,
};

/** Where the policy does not say who may redact, nobody may: what is gone cannot be brought back. */
export const noRedaction: RedactionRule = { roles: [], unattended: true };
