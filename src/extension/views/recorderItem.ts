import { l10n, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { RecorderPauseRow } from '../../trail/recorderApi.js';
import type { TrailSession } from '../session/trailSession.js';
import { ago } from '../ui/time.js';
import type { NodeOf } from './nodes.js';

/** Why and since when the recorder of a repository is off; null while it records. */
export function recorderPause({ state }: TrailSession): RecorderPauseRow | null {
  return state.kind === 'ready' ? (state.status.recorderPaused ?? null) : null;
}

/** The row that says so, above the prompts. */
export function recorderItem({ session }: NodeOf<'recorder'>): TreeItem {
  const pause = recorderPause(session);
  const item = new TreeItem(l10n.t('Recorder paused'), TreeItemCollapsibleState.None);
  item.id = `recorder:${session.root}`;
  item.description = pause?.reason ?? '';
  item.iconPath = new ThemeIcon('debug-pause', new ThemeColor('list.warningForeground'));
  item.contextValue = 'recorder.paused';
  const lines =
    pause === null
      ? []
      : [
          l10n.t('Paused by {0}, {1}', pause.by.name, ago(pause.at)),
          ...(pause.reason === null ? [] : [pause.reason]),
          l10n.t('Saves and commits are not recorded by this clone. Click to resume.'),
        ];
  item.tooltip = lines.join('\n\n');
  item.accessibilityInformation = { label: [l10n.t('Recorder paused'), ...lines].join('. ') };
  item.command = {
    command: 'promptAudit.resumeRecorder',
    title: l10n.t('Resume Recorder'),
    arguments: [{ kind: 'recorder', session } satisfies NodeOf<'recorder'>],
  };
  return item;
}
