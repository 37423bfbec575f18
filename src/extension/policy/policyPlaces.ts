import { Range, type DocumentSelector, type Position, type TextDocument } from 'vscode';
import type { PolicyHelp } from '../../trail/policyHelpApi.js';
import { logError, type Log } from '../base/log.js';
import { policyUri } from '../policyFile.js';
import type { Sessions } from '../session/sessions.js';
import type { TrailSession } from '../session/trailSession.js';

export const policySelector: DocumentSelector = {
  scheme: 'file',
  pattern: '**/.prompt-audit/policy.jsonc',
};

/** The repository whose policy a document is; null when it is none. */
export function sessionOfPolicy(sessions: Sessions, { uri }: TextDocument): TrailSession | null {
  return sessions.all.find((session) => policyUri(session).fsPath === uri.fsPath) ?? null;
}

/** What the trail knows of a place; null where it is not open or knows nothing. */
export async function helpAt(
  { sessions, log }: { readonly sessions: Sessions; readonly log: Log },
  document: TextDocument,
  position: Position,
): Promise<PolicyHelp | null> {
  const trail = sessionOfPolicy(sessions, document)?.trail;
  if (!trail) {
    return null;
  }
  try {
    return await trail.policyHelp({
      text: document.getText(),
      offset: document.offsetAt(position),
    });
  } catch (error) {
    // Whoever only writes a policy needs no notification: what keeps the trail from answering is told elsewhere.
    logError(log, 'policy', error);
    return null;
  }
}

export function rangeOf(document: TextDocument, help: PolicyHelp): Range {
  const { offset, length } = help;
  return new Range(document.positionAt(offset), document.positionAt(offset + length));
}
