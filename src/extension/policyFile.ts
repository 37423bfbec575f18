import type { Uri } from 'vscode';
import { window, workspace } from 'vscode';
import type { TrailSession } from './session/trailSession.js';

export function policyUri(session: TrailSession): Uri {
  return session.location.uriOf('.prompt-audit/policy.jsonc');
}

export function ledgerUri(session: TrailSession): Uri {
  return session.location.uriOf('.prompt-audit/ledger.sqlite');
}

export async function openPolicyFile(session: TrailSession): Promise<void> {
  const document = await workspace.openTextDocument(policyUri(session));
  await window.showTextDocument(document);
}
