import { l10n } from 'vscode';
import type { Digest } from '../../core/ids.js';
import type { PersonRef, VersionRow, VersionState, WorkingState } from '../../core/rows.js';

/** First seven hex digits, as git shows its own. */
export function shortDigest(digest: Digest): string {
  return digest.slice('sha256:'.length, 'sha256:'.length + 7);
}

export function personText(person: PersonRef): string {
  return person.email === null ? person.name : `${person.name} <${person.email}>`;
}

/** How lists and messages call a prompt: `triage.prompt.md`, but `letters/SKILL.md`, of which there are many. */
export function promptName(path: string): string {
  const name = baseName(path);
  const folder = baseName(folderName(path));
  return /^[A-Z]+\.md$/.test(name) && folder !== '' ? `${folder}/${name}` : name;
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function folderName(path: string): string {
  const end = path.lastIndexOf('/');
  return end < 0 ? '' : path.slice(0, end);
}

export function stateText(state: VersionState): string {
  switch (state) {
    case 'waiting':
      return l10n.t('waiting');
    case 'approved':
      return l10n.t('approved');
    case 'changes-requested':
      return l10n.t('changes requested');
    case 'rejected':
      return l10n.t('rejected');
    case 'withdrawn':
      return l10n.t('withdrawn');
    case 'superseded':
      return l10n.t('superseded');
  }
}

/** What the working file is against the newest version; null when there is nothing to say. */
export function workingText(state: WorkingState, latest: VersionRow | null): string | null {
  switch (state) {
    case 'unrecorded':
      return l10n.t('not recorded');
    case 'changed':
      return l10n.t('changed, not recorded');
    case 'draft':
      return latest === null ? l10n.t('draft') : l10n.t('draft since {0}', latest.label);
    case 'older':
      return l10n.t('older than {0}', latest?.label ?? '');
    case 'untracked':
      return l10n.t('no longer tracked');
    case 'missing':
      return l10n.t('file is missing');
    case 'removed':
      return l10n.t('deleted');
    case 'elsewhere':
      return l10n.t('not on this branch');
    case 'current':
      return null;
  }
}

/** `1 of 2 approvals`. */
export function approvalsText({ approvals }: VersionRow): string {
  return approvals.required === 1
    ? l10n.t('{0} of 1 approval', approvals.given)
    : l10n.t('{0} of {1} approvals', approvals.given, approvals.required);
}

/** `v7 approved`; null where nothing was proposed yet. */
export function latestText(latest: VersionRow | null): string | null {
  return latest === null ? null : `${latest.label} ${stateText(latest.state)}`;
}
