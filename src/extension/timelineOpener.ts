import { commands, EventEmitter, l10n, window, type ExtensionContext } from 'vscode';
import { PromptAuditError } from '../core/errors.js';
import type { EventId } from '../core/ids.js';
import type { Watch } from '../core/watch.js';
import type { Trail } from '../trail/api.js';
import type { PageQuery, PageResult } from '../trail/pageApi.js';
import { Disposable } from './base/disposable.js';
import { logError, type Log } from './base/log.js';
import { EventArgument } from './commands/eventArgument.js';
import { FindingArgument } from './commands/findingArgument.js';
import { openDigestDiff } from './review/diff.js';
import type { Sessions } from './session/sessions.js';
import type { TrailSession } from './session/trailSession.js';
import type { LedgerFindings } from './status/ledgerFindings.js';
import { TimelinePanelController, timelineViewType } from './timeline/controller.js';
import type { TimelineSource } from './timeline/source.js';
import { bothWatch, slowAfter, withProgress } from './ui/progress.js';
import { promptName } from './ui/words.js';

/** Ledgers up to this size are verified when the timeline opens; larger ones when asked. Events. */
const verifiedOnOpen = 20_000;

/** The timeline on one repository: the one it was last opened for. */
export class TimelineOpener extends Disposable {
  private shown: TrailSession | null = null;
  /** To be verified as soon as its first rows are on their way. */
  private unverified: TrailSession | null = null;
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
    this.panel.show(at.event ?? null);
    if (at.path !== undefined) {
      this.showNewest(trail, session, at.path).catch((error: unknown) =>
        logError(this.log, 'timeline', error),
      );
    }
    this.unverified = session;
  }

  /** The panel is open before the answer comes: a click must be seen to work. */
  private async showNewest(trail: Trail, session: TrailSession, path: string): Promise<void> {
    const [newest] = await trail.log({ path, newest: 1 });
    if (newest !== undefined && this.shown === session) {
      this.panel.show(newest.id);
    }
  }

  /** Rows come first: a verification would keep the worker busy. */
  private async page(query: PageQuery): Promise<PageResult> {
    const session = this.session();
    const trail = session.requireTrail();
    const title = l10n.t('Searching the audit trail…');
    const { watch: asked = {} } = query;
    const work = (watch: Watch): Promise<PageResult> =>
      trail.page({ ...query, watch: bothWatch(asked, watch) });
    const result = await withProgress(title, work, { after: slowAfter });
    if (this.unverified === session) {
      this.unverified = null;
      if (this.findings.report(session) === null && result.total <= verifiedOnOpen) {
        this.findings
          .checkSlowly(session)
          .catch((error: unknown) => logError(this.log, 'verify', error));
      }
    }
    return result;
  }

  private source(): TimelineSource {
    return {
      onDidChange: this.changed.event,
      page: async (query) => await this.page(query),
      step: async (query) => await this.session().requireTrail().step(query),
      rows: async (events) => await this.session().requireTrail().rows(events),
      detail: async (id) => await this.session().requireTrail().detail(id),
      explain: async (id) => await this.session().requireTrail().explain(id),
      prompts: () => {
        const { state } = this.session();
        const rows = state.kind === 'ready' ? state.status.prompts : [];
        return rows.flatMap(({ prompt, path }) => (prompt === null ? [] : [{ id: prompt, path }]));
      },
      verification: () => {
        const session = this.shown ?? this.sessions.all[0];
        return session ? this.findings.report(session) : null;
      },
      hasRemote: () => {
        const { state } = this.session();
        return state.kind === 'ready' && state.status.remote !== null;
      },
      verifyNow: async (full) => await this.findings.checkSlowly(this.session(), full),
      review: async (key) => {
        const argument = new FindingArgument(this.session(), key);
        await commands.executeCommand('promptAudit.reviewFinding', argument);
      },
      openDiff: (id) => this.openDiff(id),
      redact: async (id) => {
        const argument = new EventArgument(this.session(), id);
        await commands.executeCommand('promptAudit.redact', argument);
      },
      me: () => {
        const { state } = this.session();
        return state.kind === 'ready' ? state.status.me : null;
      },
      takeBack: async (id, what) => {
        const argument = new EventArgument(this.session(), id);
        const command = what === 'decision' ? 'revokeDecision' : 'withdrawVersion';
        await commands.executeCommand(`promptAudit.${command}`, argument);
      },
      copyProof: async (id) => {
        const argument = new EventArgument(this.session(), id);
        await commands.executeCommand('promptAudit.copyProof', argument);
      },
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
    const detail = await session.requireTrail().detail(id);
    if (!detail?.diff) {
      return;
    }
    const { diff, row, version } = detail;
    const title = `${promptName(diff.path)} (${version?.label ?? row.summary})`;
    await openDigestDiff(session, diff, title);
  }
}
