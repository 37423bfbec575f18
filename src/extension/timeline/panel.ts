import { Uri, env, l10n } from 'vscode';
import type { WebviewPanel } from 'vscode';
import type { EventId } from '../../core/ids.js';
import type { HostMessage, Problem } from '../../webview/protocol.js';
import { Disposable } from '../base/disposable.js';
import { verdictBasis } from '../status/verdictWords.js';
import { TimelineAnswers } from './answers.js';
import { timelineHtml } from './html.js';
import { parseRequest } from './messages.js';
import { toTrace } from './projectTrace.js';
import type { TimelineSource } from './source.js';
import { timelineStrings } from './strings.js';

const styleFiles = ['base', 'codicons', 'bar', 'notices', 'list', 'detail'];

/** One open timeline: its page, and the requests that come from it. */
export class TimelinePanel extends Disposable {
  private readonly answers: TimelineAnswers;
  /** Whether the page listens; it is thrown away whenever it is hidden. */
  private ready = false;
  private wanted: EventId | null = null;

  constructor(
    readonly panel: WebviewPanel,
    extensionUri: Uri,
    source: TimelineSource,
    onError: (error: unknown) => void,
  ) {
    super();
    this.answers = new TimelineAnswers(source, {
      words: { locale: env.language, strings: timelineStrings() },
      basis: verdictBasis,
      trace: toTrace,
      unexpected: {
        message: l10n.t('The timeline met an error that it does not know.'),
        remedy: l10n.t('Try again. The log of Prompt Audit says more.'),
      },
      copy: (text) => env.clipboard.writeText(text),
      takeReveal: () => this.takeReveal(),
      searched: (problem) => this.searched(problem),
      onError,
    });
    this._register(panel.webview.onDidReceiveMessage((message) => this.receive(message)));
    this._register(source.onDidChange(() => this.changed()));
    this._register(
      panel.onDidChangeViewState(() => {
        this.ready &&= panel.visible;
      }),
    );
    this._register(panel.onDidDispose(() => this.dispose()));
    this.load(extensionUri);
  }

  /** Brings the panel to the front, and an event into sight. */
  show(event: EventId | null): void {
    const listening = this.ready && this.panel.visible;
    if (event !== null && listening) {
      this.post({ kind: 'reveal', event });
    } else {
      this.wanted = event;
    }
    this.panel.reveal();
  }

  private load(extensionUri: Uri): void {
    const { webview } = this.panel;
    const script = Uri.joinPath(extensionUri, 'dist', 'webview');
    const media = Uri.joinPath(extensionUri, 'media', 'timeline');
    // VS Code restores the options of the version that made the panel: set them anew.
    webview.options = { enableScripts: true, localResourceRoots: [script, media] };
    this.panel.iconPath = {
      light: Uri.joinPath(media, 'tab-light.svg'),
      dark: Uri.joinPath(media, 'tab-dark.svg'),
    };
    webview.html = timelineHtml({
      cspSource: webview.cspSource,
      script: webview.asWebviewUri(Uri.joinPath(script, 'timeline.js')).toString(),
      styles: styleFiles.map((name) =>
        webview.asWebviewUri(Uri.joinPath(media, `${name}.css`)).toString(),
      ),
      language: env.language,
      title: this.panel.title,
      loading: l10n.t('Loading events…'),
    });
  }

  private async receive(message: unknown): Promise<void> {
    const request = parseRequest(message);
    if (request === null) {
      return;
    }
    this.ready ||= request.kind === 'ready';
    this.post(await this.answers.reply(request));
  }

  override dispose(): void {
    this.answers.stop();
    super.dispose();
  }

  private searched(problem: Problem | null): void {
    if (problem === null) {
      this.changed();
    } else if (this.ready) {
      this.post({ kind: 'failed', problem });
    }
  }

  private changed(): void {
    if (this.ready) {
      this.post({ kind: 'changed', summary: this.answers.summary() });
    }
  }

  private post(message: HostMessage): void {
    if (!this.isDisposed) {
      void this.panel.webview.postMessage(message);
    }
  }

  private takeReveal(): EventId | null {
    const event = this.wanted;
    this.wanted = null;
    return event;
  }
}
