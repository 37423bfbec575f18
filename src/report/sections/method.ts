import type { Section } from '../document.js';
import { limits } from '../limits.js';
import type { ReportFacts } from '../reportFacts.js';

export function methodSections({ method, view }: ReportFacts): readonly Section[] {
  const { point, generatedAt } = view;
  const unsynced = point.size - Math.min(view.syncedSize, point.size);
  return [
    {
      id: 'method',
      title: 'How this report was made',
      blocks: [
        {
          kind: 'facts',
          facts: [
            { name: 'Command', value: method.command, isCode: true },
            { name: 'Scope', value: method.scope },
            { name: 'Program', value: method.tool },
            { name: 'Repository', value: method.repository },
            { name: 'Ledger', value: point.id, isCode: true },
            {
              name: 'Ledger head',
              value: `${point.size} events, root ${point.root}`,
              isCode: true,
            },
            { name: 'Of these not shared yet', value: String(unsynced) },
            { name: 'Generated at', value: generatedAt },
            {
              name: 'Time zone',
              value: 'UTC (Z); where people acted, also the offset of their clock',
            },
          ],
        },
        {
          kind: 'text',
          text: 'The same command on the same ledger head gives the same rows; with --as-known-at and the number of events above, also after the ledger has grown.',
        },
        ...(method.caveats.length === 0 ? [] : [{ kind: 'list' as const, items: method.caveats }]),
      ],
    },
    {
      id: 'verify',
      title: 'How to verify',
      blocks: [
        {
          kind: 'list',
          isNumbered: true,
          items: [
            'Take a copy of the ledger from another place than this report: the branch prompt-audit of the repository, at its host or in another clone.',
            `Run “prompt-audit verify --full”, or “python3 verify.py” of the project’s docs, which shares no code with it. Both print the root of the ledger; with --min ${point.size}:${point.root} verify.py checks that the ledger extends the point of this report.`,
            `Repeat the command above with “--as-known-at ${point.size}” and compare the counts and rows.`,
            'Compare the SHA-256 of this file with the event trail.exported that follows that point: “prompt-audit log --json” shows it as refs.sums.',
            'Take a sample: “prompt-audit explain EVENT” shows the verdict on any event rule by rule, “prompt-audit prove EVENT” a proof that others can check without the ledger.',
          ],
        },
      ],
    },
    { id: 'limits', title: 'What this does not prove', blocks: [{ kind: 'list', items: limits }] },
  ];
}
