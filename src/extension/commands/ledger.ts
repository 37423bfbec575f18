import { l10n } from 'vscode';
import { isEventId, type EventId } from '../../core/ids.js';
import { needsLogin } from '../session/syncer.js';
import { sayDone } from '../ui/done.js';
import { withProgress } from '../ui/progress.js';
import { isTrailNode } from '../views/nodes.js';
import type { CommandHandler } from './context.js';
import { openSessions, promptTarget, sessionTarget } from './targets.js';

const verifyAll =
  (full: boolean): CommandHandler =>
  async ({ sessions, findings }) => {
    for (const session of openSessions(sessions)) {
      await findings.verify(session, full);
    }
  };

export const verify = verifyAll(false);
export const verifyFull = verifyAll(true);

export const sync: CommandHandler = async ({ sessions, sync: syncer }, argument) => {
  const session = await sessionTarget(sessions, argument, l10n.t('Sync'));
  if (!session) {
    return;
  }
  const report = await withProgress(l10n.t('Syncing the audit trail…'), (watch) =>
    syncer.now(session, watch),
  );
  sayDone(
    l10n.t('Synced with {0}: {1} sent, {2} received', report.remote, report.sent, report.received),
  );
};

/** As `sync`; where the ledger could not be fetched at all yet, fetches it. */
export const signIn: CommandHandler = async (context, argument) => {
  const { sessions, sync: syncer } = context;
  const outside = sessions.all.filter(
    ({ state }) => state.kind === 'failed' && needsLogin(state.error),
  );
  if (outside.length === 0) {
    await sync(context, argument);
    return;
  }
  const session = await sessionTarget(sessions, argument, l10n.t('Sign In'), outside);
  if (session) {
    await syncer.signingIn(session, (login) => session.reopen(login));
  }
};

export const openTimeline: CommandHandler = async ({ sessions, timeline }, argument) => {
  if (isTrailNode(argument) && (argument.kind === 'active' || argument.kind === 'breakGlass')) {
    timeline.show(argument.session, { event: argument.row.deployment });
    return;
  }
  if (isTrailNode(argument) && argument.kind === 'version') {
    timeline.show(argument.session, { event: argument.version.id });
    return;
  }
  const link = eventLinkOf(argument);
  const linked = link && sessions.sessionAt(link.root);
  if (link && linked) {
    timeline.show(linked, { event: link.event });
    return;
  }
  const session = await sessionTarget(sessions, argument, l10n.t('Open Timeline'));
  if (session) {
    timeline.show(session, {});
  }
};

/** The event that a link of an answer names; links are hostile input. */
function eventLinkOf(argument: unknown): { root: string; event: EventId } | null {
  if (typeof argument !== 'object' || argument === null) {
    return null;
  }
  const { root, event } = argument as { readonly root?: unknown; readonly event?: unknown };
  return typeof root === 'string' && isEventId(event) ? { root, event } : null;
}

export const showHistory: CommandHandler = async ({ sessions, timeline }, argument) => {
  const target = await promptTarget(sessions, argument, l10n.t('Show Prompt History'));
  if (target) {
    timeline.show(target.session, { path: target.path });
  }
};

export const showLog: CommandHandler = ({ log }) => {
  log.show();
};
