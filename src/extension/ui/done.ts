import { window } from 'vscode';

const shownFor = 8_000;

/** Says that something asked for was done, without asking for attention. */
export function sayDone(text: string): void {
  window.setStatusBarMessage(`$(check) ${text}`, shownFor);
}
