import type { LedgerEvent, VersionParts } from '../core/event.js';
import { changeKinds, type ChangeKind } from '../core/policy.js';
import type { Finding } from '../core/rows.js';
import { decodeContentNow } from '../ledger/contentCodec.js';
import type { EventCheck } from '../ledger/verifyVolumes.js';
import { versionParts } from '../prompts/versionParts.js';

/**
 * A proposal whose `parts` are not those that this program reads in its text; null where they are, where it claims
 * none (`v` 1 and 2), and where its path or its text is not here. A warning: which rules ask for more hangs on the claim,
 * but another version of this program may read other parts.
 */
export function partsFinding(
  event: LedgerEvent,
  seq: number,
  content: Parameters<EventCheck>[3],
): Finding | null {
  if (!event.known || event.type !== 'version.proposed' || event.body === null) return null;
  const { parts: claimed, digest, number } = event.header.refs;
  if (claimed === undefined) return null;
  const stored = content(digest);
  const bytes = stored && decodeContentNow(stored);
  if (bytes === undefined) return null;
  const { path, tool } = event.body;
  const read = versionParts(path, bytes);
  const different = differentParts(claimed, read);
  if (different.length === 0) return null;
  const list = (parts: VersionParts | null): string =>
    different.map((kind) => `${kind} ${said(parts, kind)}`).join(', ');
  return {
    code: 'version.parts',
    severity: 'warning',
    seq,
    event: event.id,
    message: `Event ${seq}, by ${tool}, claims another ${different.join(', ')} of ${path} (proposed as v${number}) than this program reads in its text.`,
    expected: list(read),
    found: list(claimed),
    remedy:
      'Another version of the program may read other parts. If that does not explain it, the claim hides what the version changes: have it approved under the rules for model, tools and permissions, too.',
  };
}

/** The parts in which two readings of a text differ. */
export function differentParts(
  one: VersionParts | null,
  other: VersionParts | null,
): readonly ChangeKind[] {
  return changeKinds.filter((kind) => said(one, kind) !== said(other, kind));
}

/** Null parts are no parts: nobody could read the text as its format. */
const said = (parts: VersionParts | null, kind: keyof VersionParts): string =>
  parts === null ? 'unread' : (parts[kind] ?? 'none');
