import { stat } from 'node:fs/promises';
import { l10n, window, workspace, type Uri } from 'vscode';
import { PromptAuditError } from '../core/errors.js';
import type { TrailSession } from './session/trailSession.js';

export function policyUri(session: TrailSession): Uri {
  return session.location.uriOf('.prompt-audit/policy.jsonc');
}

export function ledgerUri(session: TrailSession): Uri {
  return session.location.uriOf('.prompt-audit/ledger.sqlite');
}

/** Opens the policy in an editor. Throws `policy.missing`. */
export async function openPolicyFile(session: TrailSession): Promise<void> {
  const uri = policyUri(session);
  const there = await stat(uri.fsPath).catch(() => null);
  if (there === null) {
    throw new PromptAuditError({
      code: 'policy.missing',
      message: l10n.t('This repository has no .prompt-audit/policy.jsonc.'),
      remedy: l10n.t('Get it with git from the branch that has it, or restore it.'),
    });
  }
  await window.showTextDocument(await workspace.openTextDocument(uri));
}
