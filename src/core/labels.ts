import type { VersionRecord } from './state.js';

/** `v3`, or `v3?` while another clone's versions may still come before it (DESIGN.md §4). */
export function versionLabel(version: VersionRecord, syncedSize: number): string {
  return `v${version.number}${version.seq > syncedSize ? '?' : ''}`;
}

/** The first seven hex digits of a digest or an event id, as people compare them. */
export function shortHash(hash: string): string {
  return hash.replace(/^sha256:/, '').slice(0, 7);
}
