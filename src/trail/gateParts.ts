import type { GateRow } from '../core/gateRows.js';
import type { Policy } from '../core/policy.js';
import { versionParts } from '../prompts/versionParts.js';
import { content } from './content.js';
import type { TrailContext } from './context.js';
import { differentParts } from './versionPartsCheck.js';

/**
 * Denies versions whose proposal claims other parts than their text has, where a rule asks what changes: whoever
 * hides a change of tools would pass that rule. A claim that nothing could be read needs no look: then all rules apply.
 */
export async function withTrueParts(
  context: TrailContext,
  { rules }: Policy,
  rows: readonly GateRow[],
): Promise<readonly GateRow[]> {
  if (rules.every(({ changes }) => changes.length === 0)) return rows;
  return Promise.all(rows.map((row) => checked(context, row)));
}

async function checked(context: TrailContext, row: GateRow): Promise<GateRow> {
  const { versionEvent: id, digest, verdict } = row;
  const version = id === null ? undefined : context.state.versions.get(id);
  const claimed = version?.event.header.refs.parts ?? null;
  const path = version?.event.body?.path;
  if (verdict !== 'allow' || id === null || digest === null || claimed === null) return row;
  const because = (code: 'version.parts' | 'file.unreadable', verdict: 'deny' | 'unknown') => ({
    ...row,
    verdict,
    reasons: [{ code, events: [id] }, ...row.reasons],
  });
  if (path === undefined || !context.store.hasContent(digest))
    return because('file.unreadable', 'unknown');
  const read = versionParts(path, await content(context, digest));
  return differentParts(claimed, read).length === 0 ? row : because('version.parts', 'deny');
}
