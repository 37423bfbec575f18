import { versionLabel } from '../../core/labels.js';
import type { Block, Section } from '../document.js';
import { personText } from '../cellText.js';
import type { ReportFacts, VersionChange } from '../reportFacts.js';
import { claimedTime } from '../timeWords.js';
import { decisionBlocks } from './decisions.js';

/** What each version changed, who wrote it, and who decided what about it. */
export function changesSection(facts: ReportFacts): Section {
  const { changes, versions } = facts;
  const changesLeftOut = versions.length - changes.length;
  const blocks: Block[] = changes.map((one) => changeBlock(facts, one));
  if (blocks.length === 0) blocks.push({ kind: 'text', text: 'No version is in this scope.' });
  if (changesLeftOut > 0)
    blocks.push({
      kind: 'text',
      text: `${changesLeftOut} earlier versions are in this scope, and are not shown here: an export has all of them with their texts. Ask for a shorter period or for one prompt.`,
    });
  return { id: 'changes', title: 'What changed, and who approved it', blocks };
}

function changeBlock({ view }: ReportFacts, change: VersionChange): Block {
  const { version, row, before, diff, missing } = change;
  const { body } = version.event;
  const name = `${row.path} ${row.label}`;
  const compared =
    before === null
      ? 'The first version: all of it is new.'
      : `Compared with ${versionLabel(before, view.syncedSize)}.`;
  return {
    kind: 'sub',
    title: name,
    blocks: [
      {
        kind: 'facts',
        facts: [
          { name: 'Change note', value: row.note ?? '(redacted)' },
          {
            name: 'Proposed by',
            value: `${personText(row.proposedBy)} on ${claimedTime(row.at, body?.utcOffset ?? null)}`,
          },
          { name: 'Written by', value: row.contributors.map(personText).join('\n') || '–' },
          { name: 'SHA-256', value: row.digest.replace(/^sha256:/, ''), isCode: true },
          { name: 'State now', value: stateText(row) },
        ],
      },
      {
        kind: 'sub',
        title: 'Text',
        blocks: [
          { kind: 'text', text: compared },
          diff === null
            ? { kind: 'text', text: missing ?? 'The text is not here.' }
            : { kind: 'diff', label: `Changes of ${name}`, diff },
        ],
      },
      { kind: 'sub', title: 'Decisions', blocks: decisionBlocks(view, version) },
    ],
  };
}

function stateText({ state, approvals, activeIn }: VersionChange['row']): string {
  const live = activeIn.length === 0 ? '' : `; active in ${activeIn.join(', ')}`;
  return `${state}, ${approvals.given} of ${approvals.required} approvals by the policy of now${live}`;
}
