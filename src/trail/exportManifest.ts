import { exportReadme } from '../report/exportReadme.js';
import { limits } from '../report/limits.js';
import type { ExportInput } from './exportApi.js';
import { exportFormat, type ExportedFile } from './exportFolder.js';
import type { Gathered } from './exportGather.js';

interface InExport {
  /** Seqs. */
  readonly events: readonly number[];
  readonly files: readonly ExportedFile[];
}

/** manifest.json: what was asked, what the export stands on, control totals, and all files but the list of sums. */
export function manifestText(
  input: ExportInput,
  { view, method, totals, exceptions }: Gathered,
  { events, files }: InExport,
): string {
  const { point, generatedAt } = view;
  const manifest = {
    format: exportFormat,
    generatedAt,
    timeZone: 'UTC',
    tool: method.tool,
    query: {
      command: method.command,
      scope: method.scope,
      env: input.env ?? null,
      prompt: input.path ?? null,
      from: input.from ?? null,
      to: input.to ?? null,
      asKnownAt: input.asKnownAt ?? null,
    },
    ledger: {
      ...point,
      isCheckpoint: method.checkpoint !== null,
      synced: Math.min(view.syncedSize, point.size),
    },
    events: {
      included: events.length,
      of: point.size,
      firstSeq: events[0] ?? null,
      lastSeq: events.at(-1) ?? null,
      types: Object.fromEntries([...totals.types].sort(([a], [b]) => (a < b ? -1 : 1))),
    },
    writers: totals.writers,
    exceptions: exceptions.map(({ entry, answer }) => ({
      kind: entry.kind,
      found: answer.unanswerable === undefined ? answer.rows.length : null,
      population: answer.population,
      ...(answer.unanswerable === undefined ? {} : { unanswerable: answer.unanswerable }),
      caveats: answer.caveats,
    })),
    caveats: method.caveats,
    limits,
    files: [...files].sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

export function readmeText({ view, method }: Gathered, included: number): string {
  const { point, generatedAt } = view;
  return exportReadme({
    ...method,
    generatedAt,
    ledger: point.id,
    size: point.size,
    root: point.root,
    included,
    files: [
      {
        name: 'manifest.json',
        text: 'The question, the ledger point, control totals, and every file with its SHA-256.',
      },
      { name: 'SHA256SUMS', text: 'The sums of all files.' },
      {
        name: 'tables/*.csv',
        text: 'Deployments, versions, decisions, what was live, exceptions, people, policies, redactions, writers, events.',
      },
      { name: 'tables/*.schema.json', text: 'What the columns mean.' },
      {
        name: 'events.jsonl',
        text: 'The events: exact header and body texts, ids, places, signatures.',
      },
      {
        name: 'leaves.txt',
        text: 'The hash of each event of the ledger, in the agreed order (leaves of the RFC 6962 tree).',
      },
      { name: 'checkpoint', text: 'The ledger head as a C2SP tlog-checkpoint, unsigned.' },
      {
        name: 'content/',
        text: 'Texts of versions, named by their SHA-256; tables/texts.csv says which is which.',
      },
      {
        name: 'policy/',
        text: 'Every policy that was in force, named by its SHA-256, and the keys, owners and names that were adopted with it, named by the event.',
      },
      {
        name: 'verification.json',
        text: 'What "prompt-audit verify --full" said of the ledger when this was made.',
      },
      { name: 'check.py', text: 'Checks all of this.' },
    ],
    caveats: method.caveats,
  });
}
