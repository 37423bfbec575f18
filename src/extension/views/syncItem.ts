import { ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import { needsSomebody, type SyncSummary } from '../../core/syncSummary.js';
import type { TrailSession } from '../session/trailSession.js';
import { syncCommand, syncWords } from '../status/syncWords.js';
import type { NodeOf } from './nodes.js';

/** Where a list of prompts says how the repository stands to its remote. */
export type SyncPlace = 'first' | 'last' | 'none';

export interface SyncRow {
  readonly node: NodeOf<'sync'>;
  readonly place: SyncPlace;
}

/** First only where somebody has to do something: what passes by itself must not push the prompts about. */
export function syncPlace({ state }: TrailSession, summary: SyncSummary): SyncPlace {
  if (summary.kind === 'none') {
    return 'none';
  }
  if (needsSomebody(summary)) {
    return 'first';
  }
  // An empty list shows what an empty list is for.
  return state.kind === 'ready' && state.status.prompts.length > 0 ? 'last' : 'none';
}

export function syncItem({ session }: NodeOf<'sync'>, summary: SyncSummary): TreeItem {
  const words = syncWords(summary);
  const item = new TreeItem(words?.short ?? '', TreeItemCollapsibleState.None);
  item.id = `sync:${session.root}`;
  item.description = words?.more ?? '';
  item.contextValue = summary.kind === 'login' ? 'sync.login' : 'sync';
  item.iconPath = needsSomebody(summary)
    ? new ThemeIcon(words?.icon ?? '', new ThemeColor('list.warningForeground'))
    : new ThemeIcon(words?.icon ?? '');
  const spoken = [words?.line ?? '', words?.detail ?? ''].filter((text) => text !== '');
  item.tooltip = spoken.join('\n\n');
  item.accessibilityInformation = { label: spoken.join(' ') };
  item.command = syncCommand(summary, { kind: 'sync', session } satisfies NodeOf<'sync'>);
  return item;
}
