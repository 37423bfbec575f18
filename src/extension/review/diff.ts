import { commands, l10n, type Uri } from 'vscode';
import type { Digest } from '../../core/ids.js';
import type { VersionRow } from '../../core/rows.js';
import type { TrailSession } from '../session/trailSession.js';
import { promptName } from '../ui/words.js';
import { toVersionUri } from './versionUri.js';

export function versionUri(session: TrailSession, version: VersionRow): Uri {
  const { path, digest, id } = version;
  return toVersionUri({ root: session.root, path, digest, version: id });
}

/** The left side of a comparison: a version, or the empty text where there was none before. */
export function baseUri(session: TrailSession, path: string, base: VersionRow | null): Uri {
  return base === null
    ? toVersionUri({ root: session.root, path, digest: null, version: null })
    : versionUri(session, base);
}

/** Opens the native diff of a version against the last approved one, or against nothing. */
export async function openVersionDiff(input: {
  session: TrailSession;
  version: VersionRow;
  base: VersionRow | null;
  preserveFocus?: boolean;
}): Promise<void> {
  const { session, version, base } = input;
  const [left, right] = [baseUri(session, version.path, base), versionUri(session, version)];
  await openDiff(left, right, versionTitle(version, base), input.preserveFocus ?? false);
}

/** Opens the native diff of the last approved version against the file as it is on disk. */
export async function openWorkingDiff(
  session: TrailSession,
  path: string,
  base: VersionRow | null,
): Promise<void> {
  const title = l10n.t(
    '{0} ({1} ↔ working file)',
    promptName(path),
    base === null ? l10n.t('nothing approved') : approvedLabel(base),
  );
  await openDiff(baseUri(session, path, base), session.location.uriOf(path), title, false);
}

/** Opens the native diff of two recorded texts, for the timeline. */
export async function openDigestDiff(
  session: TrailSession,
  diff: { readonly before: Digest | null; readonly after: Digest; readonly path: string },
  title: string,
): Promise<void> {
  const of = (digest: Digest | null): Uri =>
    toVersionUri({ root: session.root, path: diff.path, digest, version: null });
  await openDiff(of(diff.before), of(diff.after), title, false);
}

export function versionTitle(version: VersionRow, base: VersionRow | null): string {
  return base === null
    ? l10n.t('{0} (new ↔ {1})', promptName(version.path), version.label)
    : l10n.t('{0} ({1} ↔ {2})', promptName(version.path), approvedLabel(base), version.label);
}

function approvedLabel(version: VersionRow): string {
  return version.state === 'approved' ? l10n.t('{0} approved', version.label) : version.label;
}

async function openDiff(
  left: Uri,
  right: Uri,
  title: string,
  preserveFocus: boolean,
): Promise<void> {
  await commands.executeCommand('vscode.diff', left, right, title, {
    preview: true,
    preserveFocus,
  });
}
