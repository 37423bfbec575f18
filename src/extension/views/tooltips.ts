import { l10n, MarkdownString } from 'vscode';
import type { ActiveRow, DecisionRow, VersionRow } from '../../core/rows.js';
import { redactionWords } from '../redact/redactionWords.js';
import { reasonWords } from '../ui/reasonWords.js';
import { fullTime } from '../ui/time.js';
import { approvalsText, shortDigest, stateText } from '../ui/words.js';

/** Names and notes come from the ledger, so everything goes in as text, never as Markdown. */
class Lines {
  private readonly markdown = new MarkdownString('', true);

  title(text: string): this {
    this.markdown.appendMarkdown('**').appendText(text).appendMarkdown('**\n\n');
    return this;
  }

  line(icon: string, text: string): this {
    this.markdown.appendMarkdown(`$(${icon}) `).appendText(text).appendMarkdown('\n\n');
    return this;
  }

  end(): MarkdownString {
    return this.markdown;
  }
}

export function versionTooltip(
  version: VersionRow,
  blockedBecause: readonly string[] = [],
): MarkdownString {
  const lines = new Lines()
    .title(`${version.path} ${version.label}`)
    .line('law', `${stateText(version.state)} · ${approvalsText(version)}`);
  if (version.note !== null) {
    lines.line('note', version.note);
  }
  lines.line(
    'person',
    l10n.t('Proposed by {0}, {1}', version.proposedBy.name, fullTime(version.at)),
  );
  for (const { name } of version.requested ?? []) {
    lines.line('mention', l10n.t('{0} was asked for a review', name));
  }
  for (const decision of version.decisions) {
    lines.line(decisionIcon(decision), decisionLine(decision));
  }
  const { openComments = 0 } = version;
  if (openComments > 0) {
    lines.line('comment-unresolved', l10n.t('Open comments: {0}', openComments));
  }
  for (const redaction of version.redactions ?? []) {
    lines.line('eye-closed', redactionWords(redaction));
  }
  if (version.activeIn.length > 0) {
    lines.line('rocket', l10n.t('Active in {0}', version.activeIn.join(', ')));
  }
  for (const code of blockedBecause) {
    lines.line('circle-slash', l10n.t('You cannot approve it: {0}', reasonWords(code)));
  }
  return lines.line('key', shortDigest(version.digest)).end();
}

function decisionIcon({ decision, revoked }: DecisionRow): string {
  if (revoked !== undefined) {
    return 'circle-slash';
  }
  return decision === 'approved' ? 'pass' : 'request-changes';
}

function decisionLine({ decision, by, reason, envs, revoked }: DecisionRow): string {
  const words = [
    decisionText(decision, by.name),
    ...(envs === undefined ? [] : [l10n.t('for {0}', envs.join(', '))]),
    ...(revoked === undefined ? [] : [l10n.t('revoked')]),
  ].join(', ');
  return reason === null ? words : `${words}: ${reason}`;
}

function decisionText(
  decision: 'approved' | 'changes-requested' | 'rejected',
  name: string,
): string {
  switch (decision) {
    case 'approved':
      return l10n.t('Approved by {0}', name);
    case 'changes-requested':
      return l10n.t('Changes requested by {0}', name);
    case 'rejected':
      return l10n.t('Rejected by {0}', name);
  }
}

export function activeTooltip(row: ActiveRow): MarkdownString {
  const lines = new Lines()
    .title(`${row.path} ${row.version}`)
    .line('rocket', l10n.t('Active in {0} since {1}', row.env, fullTime(row.from)))
    .line('person', l10n.t('Deployed by {0}', row.deployedBy.name))
    .line('edit', l10n.t('Written by {0}', row.authors.map(({ name }) => name).join(', ')));
  if (row.approvers.length > 0) {
    lines.line('pass', l10n.t('Approved by {0}', row.approvers.map(({ name }) => name).join(', ')));
  }
  if (row.release !== undefined) {
    lines.line('tag', l10n.t('Release {0}', row.release));
  }
  if (row.pipeline !== undefined) {
    lines.line('gear', l10n.t('Pipeline run {0}', row.pipeline));
  }
  for (const { version, at } of row.failed ?? []) {
    lines.line('error', l10n.t('The deployment of {0} failed, {1}', version, fullTime(at)));
  }
  for (const redaction of row.redactions ?? []) {
    lines.line('eye-closed', redactionWords(redaction));
  }
  if (row.rollback) {
    lines.line('discard', l10n.t('This was a rollback'));
  }
  if (row.imported !== undefined) {
    lines.line(
      'history',
      l10n.t('Imported from a tag at commit {0}; no policy judged it', row.imported.slice(0, 12)),
    );
  } else if (row.order === 'after') {
    lines.line('warning', l10n.t('Not enough approvals that count came before the deployment'));
  } else if (row.order === 'unknown') {
    lines.line(
      'warning',
      l10n.t('Nobody can tell whether the approval came before the deployment'),
    );
  }
  return lines.line('key', shortDigest(row.digest)).end();
}
