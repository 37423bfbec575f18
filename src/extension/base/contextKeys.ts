import { commands } from 'vscode';
import type { ViewState } from '../session/viewState.js';

/** All context keys of this extension and what they mean. */
interface ContextKeys {
  /** Which welcome view fits. */
  'promptAudit.state': ViewState;
  /** Boolean: some repository has an open trail, so commands can work. */
  'promptAudit.hasTrail': boolean;
  /** Boolean: some folder has no trail yet. */
  'promptAudit.canInitialize': boolean;
  /** Boolean: some trail has a remote. */
  'promptAudit.hasRemote': boolean;
  /** Boolean: the recorder of some clone is paused. */
  'promptAudit.recorderPaused': boolean;
  /** File paths of tracked prompts, for `resourcePath in promptAudit.trackedPaths`. */
  'promptAudit.trackedPaths': readonly string[];
  /** Boolean: the active editor shows a version that waits for a decision. */
  'promptAudit.activeVersionWaits': boolean;
  /** Boolean: the active editor shows a prompt whose newest version waits for the acting person. */
  'promptAudit.activePromptWaits': boolean;
}

const current = new Map<string, string>();

/** Sets a context key; a value that it has already costs nothing. */
export function setContext<K extends keyof ContextKeys>(key: K, value: ContextKeys[K]): void {
  const text = JSON.stringify(value);
  if (current.get(key) === text) {
    return;
  }
  current.set(key, text);
  void commands.executeCommand('setContext', key, value);
}
