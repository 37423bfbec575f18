import { l10n, type TextDocumentContentProvider, type Uri } from 'vscode';
import { isPromptAuditError } from '../../core/errors.js';
import type { Sessions } from '../session/sessions.js';
import { fromVersionUri } from './versionUri.js';

/** Gives the native editors the recorded texts, read-only. */
export class VersionContent implements TextDocumentContentProvider {
  constructor(private readonly sessions: Sessions) {}

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const address = fromVersionUri(uri);
    const trail = address === null ? null : this.sessions.sessionAt(address.root)?.trail;
    if (!address || !trail) {
      return l10n.t('This version belongs to a repository that is not open.');
    }
    if (address.digest === null) {
      return '';
    }
    try {
      return asText(await trail.content(address.digest));
    } catch (error) {
      if (isPromptAuditError(error)) {
        return `${error.message}\n${error.remedy}`;
      }
      throw error;
    }
  }
}

/** Recorded bytes as text; a sentence instead of them when they are none. */
export function asText(bytes: Uint8Array): string {
  if (bytes.subarray(0, 8192).includes(0)) {
    return l10n.t('This version is not text: {0} bytes.', bytes.length);
  }
  return new TextDecoder('utf-8').decode(bytes);
}
