import { l10n, QuickPickItemKind, Uri, window, type QuickPickItem } from 'vscode';
import { PromptAuditError } from '../../core/errors.js';
import type { EventId } from '../../core/ids.js';
import type { PromptRow, VersionRow } from '../../core/rows.js';
import { fromVersionUri, versionScheme } from '../review/versionUri.js';
import type { Sessions } from '../session/sessions.js';
import type { TrailSession } from '../session/trailSession.js';
import { goBack, pickOne, type PickEntry } from '../ui/quickInput.js';
import { changeText } from '../ui/changeWords.js';
import { versionIcon } from '../ui/stateIcon.js';
import { ago } from '../ui/time.js';
import { baseName, promptName, folderName, latestText, stateText } from '../ui/words.js';
import { isTrailNode, type TrailNode } from '../views/nodes.js';

/** Versions of a prompt that a list offers: the newest ones. */
export const mostVersions = 200;

export interface PromptTarget {
  readonly session: TrailSession;
  readonly path: string;
}

export interface VersionTarget {
  readonly session: TrailSession;
  readonly version: VersionRow;
}

/** The prompt that a command is about: what was clicked, the active editor's, or one that is picked. */
export async function promptTarget(
  sessions: Sessions,
  argument: unknown,
  title: string,
): Promise<PromptTarget | undefined> {
  const given = isTrailNode(argument) ? promptOfNode(argument) : promptOfUri(sessions, argument);
  return given ?? (await pickPrompt(sessions, title));
}

/** The version that a click or the active editor names, without asking; null when neither does. */
export async function givenVersion(
  sessions: Sessions,
  argument: unknown,
): Promise<VersionTarget | null> {
  if (isTrailNode(argument)) {
    return await versionOfNode(argument);
  }
  const uri = argument instanceof Uri ? argument : window.activeTextEditor?.document.uri;
  return uri?.scheme === versionScheme ? await versionOfUri(sessions, uri) : null;
}

/** A version of the prompt that the command is about, newest first to choose from. */
export async function versionTarget(
  sessions: Sessions,
  argument: unknown,
  title: string,
): Promise<VersionTarget | undefined> {
  const given = await givenVersion(sessions, argument);
  if (given !== null) {
    return given;
  }
  const prompt = await promptTarget(sessions, argument, title);
  return prompt === undefined ? undefined : await pickVersion(prompt, title);
}

export async function pickVersion(
  { session, path }: PromptTarget,
  title: string,
  placeholder = l10n.t('Which version of {0}?', promptName(path)),
): Promise<VersionTarget | undefined> {
  const newest = await session.requireTrail().versions(path, mostVersions);
  const versions = [...newest].sort((a, b) => b.number - a.number);
  if (versions.length === 0) {
    throw new PromptAuditError({
      code: 'version.unknown',
      message: l10n.t('{0} has no version yet.', path),
      remedy: l10n.t('Propose one with "Prompt Audit: Propose Version…".'),
    });
  }
  const items = versions.map((version) => versionEntry(version));
  const version = await pickOne<VersionRow>({ title, placeholder, items });
  return version === undefined || version === goBack ? undefined : { session, version };
}

export function versionEntry(version: VersionRow): PickEntry<VersionRow> {
  const active =
    version.activeIn.length === 0 ? [] : [l10n.t('in {0}', version.activeIn.join(', '))];
  return {
    label: version.label,
    iconPath: versionIcon(version),
    description: [
      stateText(version.state),
      ...active,
      version.proposedBy.name,
      ago(version.at),
    ].join(' · '),
    ...(version.note === null ? {} : { detail: version.note }),
    value: version,
  };
}

function promptOfNode(node: TrailNode): PromptTarget | null {
  const { session } = node;
  switch (node.kind) {
    case 'prompt':
    case 'active':
    case 'breakGlass':
      return { session, path: node.row.path };
    case 'review':
      return { session, path: node.row.version.path };
    case 'version':
      return { session, path: node.version.path };
    case 'olderVersions':
      return { session, path: node.path };
    default:
      return null;
  }
}

async function versionOfNode(node: TrailNode): Promise<VersionTarget | null> {
  const { session } = node;
  switch (node.kind) {
    case 'review':
      return { session, version: node.row.version };
    case 'version':
      return { session, version: node.version };
    case 'active':
    case 'breakGlass':
      return await deployedVersion(session, node.row.deployment);
    default:
      return null;
  }
}

async function deployedVersion(
  session: TrailSession,
  deployment: EventId,
): Promise<VersionTarget | null> {
  const version = (await session.requireTrail().detail(deployment))?.version;
  return version ? { session, version } : null;
}

function promptOfUri(sessions: Sessions, argument: unknown): PromptTarget | null {
  const uri = argument instanceof Uri ? argument : window.activeTextEditor?.document.uri;
  if (uri === undefined) {
    return null;
  }
  const address = fromVersionUri(uri);
  if (address !== null) {
    const session = sessions.sessionAt(address.root);
    return session === null ? null : { session, path: address.path };
  }
  const session = sessions.sessionOf(uri);
  const row = session?.promptAt(uri);
  return session && row ? { session, path: row.path } : null;
}

async function versionOfUri(sessions: Sessions, uri: Uri): Promise<VersionTarget | null> {
  const address = fromVersionUri(uri);
  const session = address === null ? null : sessions.sessionAt(address.root);
  if (!address || !session?.trail || address.version === null) {
    return null;
  }
  return { session, version: await session.trail.version(address.version) };
}

async function pickPrompt(sessions: Sessions, title: string): Promise<PromptTarget | undefined> {
  const ready = openSessions(sessions);
  const items: (PickEntry<PromptTarget> | QuickPickItem)[] = [];
  for (const session of ready) {
    const rows = session.state.kind === 'ready' ? session.state.status.prompts : [];
    if (ready.length > 1) {
      items.push({ label: baseName(session.root), kind: QuickPickItemKind.Separator });
    }
    items.push(...rows.map((row) => promptEntry(session, row)));
  }
  if (!items.some((item) => 'value' in item)) {
    throw new PromptAuditError({
      code: 'prompt.unknown',
      message: l10n.t('No file here is tracked as a prompt.'),
      remedy: l10n.t('Name your prompt files in the policy: "Prompt Audit: Open Policy".'),
    });
  }
  const answer = await pickOne<PromptTarget>({
    title,
    placeholder: l10n.t('Which prompt?'),
    items,
  });
  return answer === goBack ? undefined : answer;
}

function promptEntry(session: TrailSession, row: PromptRow): PickEntry<PromptTarget> {
  const { latest, path } = row;
  const words = [latestText(latest), changeText(session, row), folderName(path)].filter(
    (part) => part !== null && part !== '',
  );
  return { label: promptName(path), description: words.join(' · '), value: { session, path } };
}

/** Repositories with an open trail; throws what to do when there is none. */
export function openSessions(sessions: Sessions): readonly TrailSession[] {
  const ready = sessions.all.filter(({ trail }) => trail !== null);
  if (ready.length > 0) {
    return ready;
  }
  const [first] = sessions.all;
  first?.requireTrail();
  throw new PromptAuditError({
    code: 'ledger.missing',
    message: l10n.t('There is no audit trail here yet.'),
    remedy: l10n.t('Open a folder of a git repository and run "Prompt Audit: Initialize".'),
  });
}

/** The repository that a command is about; asks only when there are several. */
export async function sessionTarget(
  sessions: Sessions,
  argument: unknown,
  title: string,
  candidates: readonly TrailSession[] = openSessions(sessions),
): Promise<TrailSession | undefined> {
  const uri = argument instanceof Uri ? argument : window.activeTextEditor?.document.uri;
  const given = isTrailNode(argument) ? argument.session : uri && sessions.sessionOf(uri);
  if (given && candidates.includes(given)) {
    return given;
  }
  if (candidates.length <= 1) {
    return candidates[0];
  }
  const items = candidates.map((session) => ({
    label: baseName(session.root),
    description: session.root,
    value: session,
  }));
  const answer = await pickOne({ title, placeholder: l10n.t('Which repository?'), items });
  return answer === goBack ? undefined : answer;
}
