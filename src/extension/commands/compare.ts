import { commands, env, l10n } from 'vscode';
import { PromptAuditError } from '../../core/errors.js';
import { openVersionDiff, openWorkingDiff, versionUri } from '../review/diff.js';
import { lastApprovedBefore } from '../review/base.js';
import { sayDone } from '../ui/done.js';
import { promptName, shortDigest } from '../ui/words.js';
import { isTrailNode } from '../views/nodes.js';
import type { CommandHandler } from './context.js';
import { givenVersion, pickVersion, promptTarget, versionTarget } from './targets.js';

export const compareWithApproved: CommandHandler = async ({ sessions }, argument) => {
  if (isTrailNode(argument) && argument.kind === 'review') {
    const { session, row } = argument;
    await openVersionDiff({ session, version: row.version, base: row.base });
    return;
  }
  const given = await givenVersion(sessions, argument);
  if (given !== null) {
    const base = await lastApprovedBefore(given.session, given.version);
    await openVersionDiff({ ...given, base });
    return;
  }
  const title = l10n.t('Compare with Approved Version');
  const prompt = await promptTarget(sessions, argument, title);
  if (!prompt) {
    return;
  }
  const { session, path } = prompt;
  const row = session.promptAt(session.location.uriOf(path));
  const base = row?.lastApproved ?? null;
  if (!/^(missing|removed|elsewhere)$/.test(row?.working ?? '')) {
    await openWorkingDiff(session, path, base);
  } else if (row && row.latest !== null) {
    await openVersionDiff({ session, version: row.latest, base });
  }
};

export const compareVersions: CommandHandler = async ({ sessions }, argument) => {
  const title = l10n.t('Compare Two Versions');
  const first = await versionTarget(sessions, argument, title);
  if (!first) {
    return;
  }
  const { session, version } = first;
  if ((await session.requireTrail().versions(version.path, 2)).length < 2) {
    throw new PromptAuditError({
      code: 'version.unknown',
      message: l10n.t('{0} has only one version.', version.path),
      remedy: l10n.t('Compare it with the working file instead.'),
    });
  }
  const with_ = l10n.t('Compare {0} with which version?', version.label);
  const second = await pickVersion({ session, path: version.path }, title, with_);
  if (second) {
    const [older, newer] =
      second.version.number < version.number
        ? [second.version, version]
        : [version, second.version];
    await openVersionDiff({ session, version: newer, base: older });
  }
};

export const openVersion: CommandHandler = async ({ sessions }, argument) => {
  const target = await versionTarget(sessions, argument, l10n.t('Open Version'));
  if (target) {
    const { session, version } = target;
    const label = l10n.t('{0} ({1})', promptName(version.path), version.label);
    await commands.executeCommand('vscode.open', versionUri(session, version), {}, label);
  }
};

export const copyDigest: CommandHandler = async ({ sessions }, argument) => {
  const target = await versionTarget(sessions, argument, l10n.t('Copy Digest'));
  if (target) {
    const { digest, path, label } = target.version;
    await env.clipboard.writeText(digest);
    sayDone(l10n.t('Copied {0}… of {1} {2}', shortDigest(digest), promptName(path), label));
  }
};
