import { EventEmitter, Uri, type TextDocumentContentProvider } from 'vscode';
import { Disposable } from '../base/disposable.js';

export const selectionScheme = 'prompt-audit-selection';

/** Texts that are kept for the diffs that show them. */
const mostKept = 20;

/** The texts that somebody asked about, for the right side of a diff; gone with the window. */
export class SelectionTexts extends Disposable implements TextDocumentContentProvider {
  private readonly texts = new Map<string, string>();
  private count = 0;
  readonly onDidChange = this._register(new EventEmitter<Uri>()).event;

  /** Its address; the file's name at the end gives the editor the language. */
  keep(text: string, name: string): Uri {
    const key = String(++this.count);
    this.texts.set(key, text);
    for (const old of [...this.texts.keys()].slice(0, -mostKept)) {
      this.texts.delete(old);
    }
    return Uri.from({ scheme: selectionScheme, path: `/${key}/${name}` });
  }

  provideTextDocumentContent({ path }: Uri): string {
    return this.texts.get(path.split('/')[1] ?? '') ?? '';
  }
}
