import {
  EventEmitter,
  FileDecoration,
  l10n,
  ThemeColor,
  Uri,
  window,
  workspace,
  type FileDecorationProvider,
} from 'vscode';
import type { PromptRow } from '../../core/rows.js';
import { Disposable } from '../base/disposable.js';
import { setting } from '../base/settings.js';
import type { Sessions } from '../session/sessions.js';

/** VS Code drops what is above this number of files in one event. */
const chunk = 250;

/** Marks prompts in the explorer that wait for review, or whose change nobody recorded. */
export class Decorations extends Disposable implements FileDecorationProvider {
  private marks = new Map<string, FileDecoration>();

  private readonly changed = this._register(new EventEmitter<Uri[]>());
  readonly onDidChangeFileDecorations = this.changed.event;

  constructor(private readonly sessions: Sessions) {
    super();
    this._register(window.registerFileDecorationProvider(this));
    this._register(sessions.onDidChange(() => this.update()));
    this._register(
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('promptAudit.decorations')) {
          this.update();
        }
      }),
    );
  }

  provideFileDecoration(uri: Uri): FileDecoration | undefined {
    return this.marks.get(uri.toString());
  }

  private update(): void {
    const before = this.marks;
    this.marks = setting('decorations') === 'off' ? new Map<string, FileDecoration>() : this.read();
    // Files that have lost their mark are to be drawn anew as well.
    const touched = [...new Set([...before.keys(), ...this.marks.keys()])].filter(
      (uri) => before.get(uri)?.tooltip !== this.marks.get(uri)?.tooltip,
    );
    for (let start = 0; start < touched.length; start += chunk) {
      this.changed.fire(touched.slice(start, start + chunk).map((uri) => Uri.parse(uri)));
    }
  }

  private read(): Map<string, FileDecoration> {
    const marks = new Map<string, FileDecoration>();
    for (const session of this.sessions.all) {
      for (const uri of session.promptFiles()) {
        const row = session.promptAt(uri);
        const mark = row && markOf(row, session.outsideWork.changed.has(row.path));
        if (mark !== null) {
          marks.set(uri.toString(), mark);
        }
      }
    }
    return marks;
  }
}

function markOf({ latest, working, pending }: PromptRow, outside: boolean): FileDecoration | null {
  const color = new ThemeColor('promptAudit.pendingForeground');
  // What a commit brought is recorded by itself: nobody has to do anything.
  if (working === 'changed' && pending === undefined) {
    const text = outside
      ? l10n.t('Changed outside the editor, and not recorded in the audit trail')
      : l10n.t('Changed, and not recorded in the audit trail');
    return new FileDecoration('!', text, color);
  }
  if (latest?.state === 'waiting') {
    return new FileDecoration('●', l10n.t('{0} waits for review', latest.label), color);
  }
  return null;
}
