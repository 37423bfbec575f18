import { ViewColumn, l10n, window } from 'vscode';
import type { Uri, WebviewPanel, WebviewPanelSerializer } from 'vscode';
import type { EventId } from '../../core/ids.js';
import { Disposable } from '../base/disposable.js';
import { messageHtml } from './html.js';
import { TimelinePanel } from './panel.js';
import type { TimelineSource } from './source.js';

/** The view type of the panel; `onWebviewPanel:` activation and the serializer name it. */
export const timelineViewType = 'promptAudit.timeline';

/** Keeps at most one timeline open, and brings it back after a restart. */
export class TimelinePanelController extends Disposable implements WebviewPanelSerializer {
  private current: TimelinePanel | null = null;

  constructor(
    private readonly extensionUri: Uri,
    private readonly source: TimelineSource,
    private readonly onError: (error: unknown) => void = () => undefined,
  ) {
    super();
  }

  /** Opens the timeline or brings it to the front, with this event selected if one is given. */
  show(preselect: EventId | null = null): void {
    this.current ??= this.adopt(
      window.createWebviewPanel(timelineViewType, title(), ViewColumn.Active, {
        enableScripts: true,
        localResourceRoots: [],
      }),
    );
    this.current.show(preselect);
  }

  /** Part of WebviewPanelSerializer. What the page showed is in its own state. */
  deserializeWebviewPanel(panel: WebviewPanel): Promise<void> {
    if (this.current !== null) {
      panel.dispose();
      return Promise.resolve();
    }
    try {
      this.current = this.adopt(panel);
    } catch (error) {
      this.onError(error);
      const message = l10n.t(
        'The timeline could not be restored. Close this tab and open it again.',
      );
      panel.webview.html = messageHtml({ language: 'en', title: title(), message });
    }
    return Promise.resolve();
  }

  override dispose(): void {
    this.current?.panel.dispose();
    super.dispose();
  }

  private adopt(panel: WebviewPanel): TimelinePanel {
    const opened = new TimelinePanel(panel, this.extensionUri, this.source, this.onError);
    panel.onDidDispose(() => {
      this.current = null;
    });
    return opened;
  }
}

function title(): string {
  return l10n.t('Prompt Audit Timeline');
}
