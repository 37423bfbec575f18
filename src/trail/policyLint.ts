import { parsePolicy } from '../core/policyFile.js';
import { lintPolicy } from '../core/policyLint.js';
import { isPromptAuditError } from '../core/errors.js';
import { promptMatcher } from '../prompts/matcher.js';
import type { PolicyLint, PolicyLintInput } from './policyApi.js';
import { codeownersPaths, workingPolicyText, workingTexts } from './policySource.js';
import { listFiles, type Site } from './site.js';

/** What there is to say of the policy in the work tree, or of a text in its place, without a ledger. Throws `policy.missing`. */
export async function lintWorkingPolicy(site: Site, input: PolicyLintInput): Promise<PolicyLint> {
  const text = input.text ?? (await workingPolicyText(site));
  const around = await workingTexts(site);
  const path = codeownersPaths.find((one) => around.get(one) != null) ?? null;
  const findings = lintPolicy({
    text,
    known: null,
    prompts: await promptsBy(site, text),
    mailmap: around.get('.mailmap') ?? null,
    codeowners: path === null ? null : (around.get(path) ?? null),
    allowedSigners: around.get('.prompt-audit/allowed_signers') ?? null,
  });
  const codeowners = path === null ? null : { path, text: around.get(path) ?? '' };
  return { findings, text, codeowners };
}

/** The prompts that a policy text tracks; null where it is no policy. */
async function promptsBy(site: Site, text: string): Promise<readonly string[] | null> {
  try {
    return (await listFiles(site)).filter(promptMatcher(parsePolicy(text)));
  } catch (error) {
    if (isPromptAuditError(error, 'policy.invalid')) return null;
    throw error;
  }
}
