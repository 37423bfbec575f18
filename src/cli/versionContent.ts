import { isPromptAuditError } from '../core/errors.js';
import type { VersionRow } from '../core/rows.js';
import type { Trail } from '../trail/api.js';

/** The text of a version, for both kinds of reader. */
export interface Content {
  readonly bytes: Uint8Array | null;
  readonly json: { size: number; encoding: 'utf8' | 'base64'; text: string } | null;
  /** Why there is no text. */
  readonly problem: string | null;
}

/** What is here of a version's text; a redacted or missing one is no error. */
export async function contentOf(trail: Trail, version: VersionRow): Promise<Content> {
  let bytes: Uint8Array;
  try {
    bytes = await trail.content(version.digest);
  } catch (error) {
    const redacted = isPromptAuditError(error, 'content.redacted');
    if (!redacted && !isPromptAuditError(error, 'content.missing')) throw error;
    return { bytes: null, json: null, problem: `${error.message} ${error.remedy}` };
  }
  const utf8 = Buffer.from(bytes).toString('utf8');
  const exact = Buffer.from(utf8, 'utf8').equals(bytes);
  const json = exact
    ? ({ size: bytes.length, encoding: 'utf8', text: utf8 } as const)
    : ({
        size: bytes.length,
        encoding: 'base64',
        text: Buffer.from(bytes).toString('base64'),
      } as const);
  return { bytes, json, problem: null };
}
