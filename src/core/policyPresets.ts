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

const presets: Readonly<Record<PolicyPreset, { comment: string; rules: string }>> = {
  team: {
    comment:
      'Everybody may propose, approve what they did not contribute to, and deploy what is approved.',
    rules: `  "roles": {
    "redactor": [$EMAIL]
  },
  "approvals": { "required": 1, "contributors": false },
  // Who may remove a leaked secret or a person's details for good; every removal stays in the trail.
  "redaction": { "roles": ["redactor"] },
  "environments": {
    "development": {},
    "staging": {},
    "production": {}
  }`,
  },
  regulated: {
    comment:
      'Named reviewers and release managers; nobody deploys to production what they approved.',
    rules: `  "roles": {
    "reviewer": [$EMAIL],
    "release-manager": [$EMAIL],
    "compliance": [$EMAIL]
  },
  // "unattended": false counts approvals by scripts only when they are signed. "signed": true asks it of all:
  // put everybody's key into .prompt-audit/allowed_signers first.
  "approvals": { "required": 1, "roles": ["reviewer"], "contributors": false, "unattended": false },
  // Who may remove a leaked secret or a person's details for good; every removal stays in the trail.
  "redaction": { "roles": ["compliance"], "unattended": false },
  "environments": {
    "development": {},
    "staging": { "deployers": ["release-manager"] },
    "production": {
      "deployers": ["release-manager"],
      "approverMayDeploy": false,
      "breakGlass": true
    }
  }`,
  },
  gxp: {
    comment: 'As "regulated", with two approvals before production and no way around them.',
    rules: `  "roles": {
    "reviewer": [$EMAIL],
    "release-manager": [$EMAIL],
    "compliance": [$EMAIL]
  },
  // "unattended": false counts approvals by scripts only when they are signed. "signed": true asks it of all:
  // put everybody's key into .prompt-audit/allowed_signers first.
  "approvals": { "required": 2, "roles": ["reviewer"], "contributors": false, "unattended": false },
  // Who may remove a leaked secret or a person's details for good; every removal stays in the trail.
  "redaction": { "roles": ["compliance"], "unattended": false },
  "environments": {
    "development": {},
    "validation": { "deployers": ["release-manager"], "approverMayDeploy": false },
    "production": { "deployers": ["release-manager"], "approverMayDeploy": false }
  }`,
  },
};
