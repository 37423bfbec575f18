import { Uri } from 'vscode';
import { isDigest, isEventId, type Digest, type EventId } from '../../core/ids.js';

export const versionScheme = 'prompt-audit';

/** What a `prompt-audit:` address names: a recorded text of a prompt, or the empty text. */
export interface VersionAddress {
  readonly root: string;
  readonly path: string;
  /** Null: the empty text, shown where there is no version before. */
  readonly digest: Digest | null;
  /** The version that the text stands for, so that an editor on it can be decided upon. */
  readonly version: EventId | null;
}

export function toVersionUri(address: VersionAddress): Uri {
  const query = new URLSearchParams({ root: address.root });
  if (address.digest !== null) {
    query.set('digest', address.digest);
  }
  if (address.version !== null) {
    query.set('version', address.version);
  }
  // The path keeps its file name, so that the editor picks the prompt's own language.
  return Uri.from({ scheme: versionScheme, path: `/${address.path}`, query: query.toString() });
}

/** Null for an address that this extension did not make: links may come from anywhere. */
export function fromVersionUri(uri: Uri): VersionAddress | null {
  if (uri.scheme !== versionScheme) {
    return null;
  }
  const query = new URLSearchParams(uri.query);
  const root = query.get('root');
  const digest = query.get('digest');
  const version = query.get('version');
  if (root === null || (digest !== null && !isDigest(digest))) {
    return null;
  }
  return {
    root,
    path: uri.path.replace(/^\//, ''),
    digest,
    version: isEventId(version) ? version : null,
  };
}
