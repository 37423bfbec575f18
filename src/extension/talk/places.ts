import { workspace, type Uri } from 'vscode';
import type { EventId } from '../../core/ids.js';
import type { PlacedThread } from '../../core/talkRows.js';
import type { ThreadsInput } from '../../trail/talkApi.js';
import { fromVersionUri } from '../review/versionUri.js';
import type { Sessions } from '../session/sessions.js';
import type { TrailSession } from '../session/trailSession.js';
import { shownInTabs } from './diffSides.js';

/** Working files with open comments that are shown although nobody opened them; of a session. */
const mostFiles = 200;

/** Threads that one document shows, the newest ones. */
const mostThreads = 500;

/** A document on which threads are shown. */
export interface TalkPlace {
  readonly uri: Uri;
  readonly session: TrailSession;
  readonly input: ThreadsInput;
  /** The version whose text the document is; null for a working file. */
  readonly version: EventId | null;
  /** Changes when the threads may stand elsewhere, or are others. */
  readonly stamp: string;
}

/**
 * The versions that are open as documents, and the working files of prompts with open comments: those that are open,
 * and those of which no version is.
 */
export function talkPlaces(sessions: Sessions): readonly TalkPlace[] {
  const shown = shownInTabs();
  const versions = workspace.textDocuments.flatMap(({ uri }) =>
    // The editor keeps documents for a while that nobody sees any more.
    shown === null || shown.has(uri.toString()) ? (versionPlace(sessions, uri) ?? []) : [],
  );
  const files = sessions.all.flatMap((session) => workingPlaces(session, versions));
  return [...versions, ...files];
}

/** Null where a document is no version of an open trail. */
export function versionPlace(
  sessions: Sessions,
  uri: Uri,
): (TalkPlace & { readonly version: EventId }) | null {
  const address = fromVersionUri(uri);
  const session = address === null ? null : sessions.sessionAt(address.root);
  if (!address?.version || !session || session.trail === null) {
    return null;
  }
  const target = address.version;
  const input = { target, open: 'before' } as const;
  return { uri, session, input, version: target, stamp: stampOf(session, '') };
}

function workingPlaces(session: TrailSession, versions: readonly TalkPlace[]): TalkPlace[] {
  const { state } = session;
  if (state.kind !== 'ready' || state.status.damage !== null) {
    return [];
  }
  const talked = state.status.prompts.filter(
    ({ latest, working }) =>
      latest?.openComments !== undefined && !/^(missing|removed|elsewhere)$/.test(working),
  );
  return talked.slice(0, mostFiles).flatMap(({ latest, path, working }) => {
    const uri = session.location.uriOf(path);
    const open = workspace.textDocuments.find((one) => one.uri.toString() === uri.toString());
    // A list of comments would have each of them twice.
    if (latest === null || (open === undefined && isVersionOpen(session, path, versions))) {
      return [];
    }
    const within = open ? { text: open.getText() } : 'working file';
    const stamp = stampOf(session, open ? `open ${open.version}` : working);
    const input = { target: latest.id, open: true, within } as const;
    return [{ uri, session, input, version: null, stamp }];
  });
}

function isVersionOpen(
  session: TrailSession,
  path: string,
  versions: readonly TalkPlace[],
): boolean {
  return versions.some(
    (place) => place.session === session && fromVersionUri(place.uri)?.path === path,
  );
}

/** Of the threads at a place: all of its own version, and the open ones of those before it. */
export async function threadsAt({ session, input }: TalkPlace): Promise<readonly PlacedThread[]> {
  const threads = (await session.trail?.threads(input)) ?? [];
  return threads.slice(-mostThreads);
}

function stampOf({ state }: TrailSession, more: string): string {
  const ledger = state.kind === 'ready' ? state.status.ledger : null;
  const synced = state.kind === 'ready' ? state.status.unsent : 0;
  return JSON.stringify([ledger?.size, ledger?.root, synced, more]);
}
