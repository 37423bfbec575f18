import { changeKinds, type ChangeKind } from './policy.js';
import type { VersionRecord } from './state.js';

const everyKind: ReadonlySet<ChangeKind> = new Set(changeKinds);
const nothing: ReadonlySet<ChangeKind> = new Set();

/**
 * What a version changes against an older one, by the digests of parts that its proposal names. Other bytes of which
 * one side does not say its parts may have changed anything, and so may those against nothing.
 */
export function changesSince(
  version: VersionRecord,
  base: VersionRecord | undefined,
): ReadonlySet<ChangeKind> {
  if (base === undefined) return everyKind;
  const [now, before] = [version.event.header.refs, base.event.header.refs];
  if (now.digest === before.digest) return nothing;
  const [parts, others] = [now.parts ?? null, before.parts ?? null];
  if (parts === null || others === null) return everyKind;
  const changed = changeKinds.filter((kind) => parts[kind] !== others[kind]);
  // The spelling of metadata, or a comment in it: whatever changes is at least its text.
  return new Set(changed.length === 0 ? ['text'] : changed);
}
