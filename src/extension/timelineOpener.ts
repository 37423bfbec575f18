import { EventEmitter, window, type ExtensionContext } from 'vscode';
import { PromptAuditError } from '../core/errors.js';
import type { EventId } from '../core/ids.js';
import { Disposable } from './base/disposable.js';
import { logError, type Log } from './base/log.js';
import { openDigestDiff } from './review/diff.js';
import type { Sessions } from './session/sessions.js';
import type { TrailSession } from './session/trailSession.js';
import type { LedgerFindings } from './status/ledgerFindings.js';
import { TimelinePanelController, timelineViewType } from './timeline/controller.js';
import type { TimelineSource } from './timeline/source.js';
import { promptName } from './ui/words.js';

/** Ledgers up to this size are verified when the timeline opens; larger ones when asked. Events. */
const verifiedOnOpen = 20_000;

/** The timeline on one repository: the one it was last opened for. */
export class TimelineOpener extends Disposable {
  private shown: TrailSession | null = null;
  private readonly changed = this._register(new EventEmitter<void>());
  private readonly panel: TimelinePanelController;

  constructor(
    context: ExtensionContext,
    private readonly sessions: Sessions,
    private readonly findings: LedgerFindings,
    private readonly log: Log,
  ) {
    super();
    this.panel = this._register(
      new TimelinePanelController(context.extensionUri, this.source(), (error) =>
        logError(log, 'timeline', error),
      ),
    );
    this._register(window.registerWebviewPanelSerializer(timelineViewType, this.panel));
    this._register(sessions.onDidChange(() => this.changed.fire()));
    this._register(findings.onDidChange(() => this.changed.fire()));
  }

  /** Shows a repository's timeline, at an event or at the newest event of a prompt. */
  show(session: TrailSession, at: { event?: EventId; path?: string }): void {
    const trail = session.requireTrail();
    if (this.shown !== session) {
      this.shown = session;
      this.changed.fire();
    }
    const newest = at.path === undefined ? undefined : trail.log({ path: at.path }).at(-1)?.id;
    this.panel.show(at.event ?? newest ?? null);
    if (this.findings.report(session) === null && trail.point().size <= verifiedOnOpen) {
      this.findings
        .check(session, false)
        .catch((error: unknown) => logError(this.log, 'verify', error));
    }
  }

  private source(): TimelineSource {
    return {
      onDidChange: this.changed.event,
      rows: ({ text, prompt, types }) => {
        const rows = this.session()
          .requireTrail()
          .log({
            ...(text === '' ? {} : { text }),
            ...(types === null ? {} : { types }),
          });
        return prompt === null ? rows : rows.filter((row) => row.prompt === prompt);
      },
      detail: (id) => this.session().requireTrail().detail(id),
      prompts: () => {
        const { state } = this.session();
        const rows = state.kind === 'ready' ? state.status.prompts : [];
        return rows.flatMap(({ prompt, path }) => (prompt === null ? [] : [{ id: prompt, path }]));
      },
      verification: () => {
        const session = this.shown ?? this.sessions.all[0];
        return session ? this.findings.report(session) : null;
      },
      verifyNow: () => this.findings.check(this.session(), true),
      openDiff: (id) => this.openDiff(id),
    };
  }

  private session(): TrailSession {
    const open = this.sessions.all;
    const session = this.shown !== null && open.includes(this.shown) ? this.shown : open[0];
    if (session) {
      return session;
    }
    throw new PromptAuditError({
      code: 'ledger.missing',
      message: 'No repository with an audit trail is open.',
      remedy: 'Open its folder and try again.',
    });
  }

  private async openDiff(id: EventId): Promise<void> {
    const session = this.session();
    const detail = session.requireTrail().detail(id);
    if (!detail?.diff) {
      return;
    }
    const { diff, row, version } = detail;
    const title = `${promptName(diff.path)} (${version?.label ?? row.summary})`;
    await openDigestDiff(session, diff, title);
  }
}
