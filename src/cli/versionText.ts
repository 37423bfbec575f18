import type { VersionRow } from '../core/rows.js';
import { names, shortDigest } from './words.js';

/** `prompts/triage.prompt.md v12 (3f9c21d)`. */
export function versionText(version: VersionRow): string {
  return `${version.path} ${version.label} (${shortDigest(version.digest)})`;
}

/** `waiting, 0 of 1 approvals`. */
export function stateText({ state, approvals }: VersionRow): string {
  return `${state.replace('-', ' ')}, ${approvals.given} of ${approvals.required} approvals`;
}

/** ` Asked to review it: Ravi, Rosa.`, or nothing. */
export function requestedText({ requested = [] }: VersionRow): string {
  return requested.length === 0 ? '' : ` Asked to review it: ${names(requested)}.`;
}
