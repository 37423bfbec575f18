import type { LedgerId } from './ids.js';
import type { PolicyPreset } from './policy.js';

/** Globs of the prompt files that the wide-spread tools use (docs: the README's table). */
export const defaultInclude: readonly string[] = [
  '**/*.prompt.md',
  '**/*.prompt',
  '**/*.prompty',
  '**/*.prompt.{yml,yaml}',
  '**/*.instructions.md',
  '**/*.{agent,chatmode}.md',
  '**/*.poml',
  '**/{AGENTS,CLAUDE,SKILL}.md',
  '.claude/agents/*.md',
  '.cursor/rules/**/*.mdc',
  '.github/copilot-instructions.md',
  '.promptops/prompts/*.{yml,yaml}',
  'prompts/**/*.{txt,md,j2,jinja,json,yml,yaml}',
];

/** The text of `.prompt-audit/policy.jsonc` that `init` writes. `email` gets the named roles of the strict presets. */
export function policyText(input: {
  preset: PolicyPreset;
  ledger: LedgerId;
  email: string;
}): string {
  const { rules, comment } = presets[input.preset];
  const include = defaultInclude.map((glob) => `      ${JSON.stringify(glob)}`).join(',\n');
  return `// Prompt Audit Trail: what is tracked, who approves, and who deploys. Preset "${input.preset}".
// ${comment}
// Each change of this file is recorded when it is first used for a decision or a deployment.
{
  "version": 1,
  "ledger": "${input.ledger}",
  "prompts": {
    "include": [
${include}
    ],
    "exclude": []
  },
${rules.replaceAll('$EMAIL', JSON.stringify(input.email.toLowerCase()))}
}
`;
}

/** For the roles of the strict presets: how one name stands for a person. */
const people = `  // One name for every address of a person; a role can name people, groups and addresses:
  // "people": { "ana": { "emails": ["ana@clinic.example", "ana@home.example"], "handles": ["@ana-silva"] } },
  // "groups": { "clinical": ["ana", "ravi@clinic.example"] },
`;

const redaction = `  // Who may remove a leaked secret or a person's details for good; every removal stays in the trail.
`;

const signing = `  // "unattended": false counts approvals by scripts only when they are signed. "signed": true asks it of all:
  // put everybody's key into .prompt-audit/allowed_signers first.
`;

const presets: Readonly<Record<PolicyPreset, { comment: string; rules: string }>> = {
  team: {
    comment:
      'Everybody may propose, approve what they did not contribute to, and deploy what is approved.',
    rules: `  "roles": {
    "redactor": [$EMAIL]
  },
  "approvals": { "required": 1, "contributors": false },
${redaction}  "redaction": { "roles": ["redactor"] },
  "environments": {
    "development": {},
    "staging": {},
    "production": {}
  }`,
  },
  regulated: {
    comment:
      'Named reviewers and release managers; nobody deploys to production what they approved.',
    rules: `${people}  "roles": {
    "reviewer": [$EMAIL],
    "release-manager": [$EMAIL],
    "compliance": [$EMAIL]
  },
${signing}  // With a second reviewer, raise production to two: "approvals": { "required": 2 }.
  "approvals": {
    "required": 1,
    "roles": ["reviewer"],
    "contributors": false,
    "unattended": false,
    "expires": "30d",
    "openComments": false
  },
  // More for what is riskier, as soon as somebody has such a role:
  // "rules": [{ "name": "tools", "changes": ["tools", "permissions"], "approvals": { "roles": ["security"] } }],
${redaction}  "redaction": { "roles": ["compliance"], "unattended": false },
  "environments": {
    "development": {},
    "staging": { "deployers": ["release-manager"] },
    "production": {
      "deployers": ["release-manager"],
      "approverMayDeploy": false,
      // Only what ran in staging before: "after": "staging",
      "breakGlass": { "review": "24h", "reviewers": ["compliance"] }
    }
  }`,
  },
  gxp: {
    comment:
      'Two approvals, one of them by quality, each with meaning and reason; no way around them.',
    rules: `${people}  "roles": {
    "reviewer": [$EMAIL],
    "quality": [$EMAIL],
    "release-manager": [$EMAIL],
    "compliance": [$EMAIL]
  },
${signing}  // "required": 2 needs two people besides the authors: name them above, or nothing can be approved.
  "approvals": {
    "required": 2,
    "roles": ["reviewer", "quality"],
    "allOf": [{ "required": 1, "roles": ["quality"] }],
    "contributors": false,
    "unattended": false,
    "sameClone": false,
    "expires": "14d",
    "reason": true,
    "meanings": ["technical review", "quality approval"],
    "openComments": false
  },
${redaction}  "redaction": { "roles": ["compliance"], "unattended": false },
  "environments": {
    "development": { "approvals": { "required": 1, "allOf": [] } },
    "validation": {
      "deployers": ["release-manager"],
      "approverMayDeploy": false,
      "contributorMayDeploy": false
    },
    "production": {
      "deployers": ["release-manager"],
      "approverMayDeploy": false,
      "contributorMayDeploy": false
    }
  }`,
  },
};
