import { workspace, type Uri } from 'vscode';

/** The settings of this extension, as package.json declares them. */
export interface Settings {
  readonly enabled: boolean;
  readonly autoRecord: 'onSave' | 'manual';
  readonly sync: 'auto' | 'manual';
  readonly signing: 'auto' | 'never';
  readonly codeLens: boolean;
  readonly decorations: 'pending' | 'off';
  readonly statusBar: 'whenPending' | 'always' | 'off';
  readonly notifications: 'important' | 'off';
  readonly terminalCommand: boolean;
}

const defaults: Settings = {
  enabled: true,
  autoRecord: 'onSave',
  sync: 'auto',
  signing: 'auto',
  codeLens: true,
  decorations: 'pending',
  statusBar: 'whenPending',
  notifications: 'important',
  terminalCommand: true,
};

/** Reads one setting for `scope`, or for the window where it has no smaller scope. */
export function setting<K extends keyof Settings>(key: K, scope?: Uri): Settings[K] {
  return workspace
    .getConfiguration('promptAudit', scope ?? null)
    .get<Settings[K]>(key, defaults[key]);
}
