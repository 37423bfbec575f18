import type { RowVariant } from './protocol.js';

/** The colour family of an icon; the style sheet maps it to theme colours. */
export type Tone = 'quiet' | 'info' | 'accent' | 'good' | 'warn' | 'bad';

export interface Icon {
  /** A codicon that media/timeline/codicons.css has. */
  readonly name: string;
  readonly tone: Tone;
}

const byVariant: Readonly<Partial<Record<RowVariant, Icon>>> = {
  approved: { name: 'pass-filled', tone: 'good' },
  'changes-requested': { name: 'request-changes', tone: 'warn' },
  rejected: { name: 'circle-slash', tone: 'bad' },
  rollback: { name: 'discard', tone: 'warn' },
  'break-glass': { name: 'rocket', tone: 'bad' },
  failed: { name: 'error', tone: 'bad' },
};

const byType: Readonly<Record<string, Icon>> = {
  'ledger.created': { name: 'database', tone: 'accent' },
  'person.declared': { name: 'person', tone: 'quiet' },
  'person.joined': { name: 'person-add', tone: 'quiet' },
  'policy.adopted': { name: 'law', tone: 'accent' },
  'prompt.registered': { name: 'new-file', tone: 'quiet' },
  'prompt.moved': { name: 'file-symlink-file', tone: 'quiet' },
  'prompt.removed': { name: 'trash', tone: 'quiet' },
  'prompt.retired': { name: 'archive', tone: 'quiet' },
  'revision.saved': { name: 'edit', tone: 'quiet' },
  'revision.observed': { name: 'eye', tone: 'quiet' },
  'version.proposed': { name: 'tag', tone: 'info' },
  'version.withdrawn': { name: 'reply', tone: 'quiet' },
  'review.revoked': { name: 'circle-slash', tone: 'warn' },
  'review.commented': { name: 'comment', tone: 'quiet' },
  'review.requested': { name: 'person-add', tone: 'info' },
  'review.resolved': { name: 'checklist', tone: 'quiet' },
  'deployment.recorded': { name: 'rocket', tone: 'accent' },
  'deployment.reviewed': { name: 'checklist', tone: 'info' },
  'deployment.ended': { name: 'debug-stop', tone: 'quiet' },
  'attempt.denied': { name: 'shield', tone: 'bad' },
  'signature.attached': { name: 'key', tone: 'info' },
  'recorder.paused': { name: 'debug-pause', tone: 'warn' },
  'recorder.resumed': { name: 'play', tone: 'quiet' },
  'history.purged': { name: 'history', tone: 'warn' },
  redacted: { name: 'eye-closed', tone: 'warn' },
  'trail.reviewed': { name: 'checklist', tone: 'info' },
  'trail.exported': { name: 'export', tone: 'quiet' },
  'history.imported': { name: 'cloud-download', tone: 'quiet' },
};

/** The icon of an event; an unknown type has a question mark. */
export function iconOf(type: string, variant: RowVariant | null): Icon {
  const special = variant === null ? undefined : byVariant[variant];
  const known = Object.hasOwn(byType, type) ? byType[type] : undefined;
  return special ?? known ?? { name: 'question', tone: 'quiet' };
}
