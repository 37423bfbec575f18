import type { ImportReport } from '../trail/importApi.js';
import { plural } from './words.js';

/** What an import did, or would do, for people. */
export function importText(report: ImportReport): string {
  const { totals, dryRun, alreadyKnown, copies, people, versions } = report;
  const { commits, prompts, revisions, moves, removals, deployments, unread } = totals;
  const found = [
    plural(prompts, 'prompt'),
    plural(revisions, 'revision'),
    plural(moves, 'move'),
    plural(removals, 'removal'),
    ...(deployments > 0 ? [plural(versions, 'version'), plural(deployments, 'deployment')] : []),
    plural(people, 'person', 'people'),
  ];
  const isNew = prompts + revisions + moves + removals + deployments > 0;
  const what = isNew ? found.join(', ') : 'nothing new';
  const lines = [
    `${dryRun ? 'Would import' : 'Imported'} ${what}, from ${plural(commits, 'commit')}.`,
  ];
  if (alreadyKnown > 0) lines.push(`${plural(alreadyKnown, 'change')} known already.`);
  if (copies > 0)
    lines.push(`${plural(copies, 'change')} of rebased or cherry-picked commits counted once.`);
  if (unread > 0)
    lines.push(
      `${plural(unread, 'change')} could not be read: names that are not UTF-8, or texts that are not here or too large.`,
    );
  return `${lines.join('\n')}\n`;
}
