import { digestOf } from '../core/hash.js';
import { answerTable, exceptionsTable } from '../report/exceptions.js';
import { csvHead, csvLine } from '../report/csv.js';
import { parts } from '../report/parts.js';
import { baselineTable } from '../report/sections/population.js';
import { selectedEvents } from '../report/selectedEvents.js';
import { sumsText } from '../report/sums.js';
import type { EvidenceTable } from '../report/table.js';
import { tableSchema } from '../report/tableSchema.js';
import { decisionsTable } from '../report/tables/decisions.js';
import { deploymentsTable } from '../report/tables/deployments.js';
import { eventColumns, eventTableRow } from '../report/tables/events.js';
import {
  peopleTable,
  policiesTable,
  promptsTable,
  redactionsTable,
  writersTable,
} from '../report/tables/ledger.js';
import { versionsTable } from '../report/tables/versions.js';
import type { TrailContext } from './context.js';
import type { EvidenceWritten, ExportInput } from './exportApi.js';
import { addChain } from './exportChain.js';
import { ExportFolder } from './exportFolder.js';
import { gather, type Gathered } from './exportGather.js';
import { manifestText, readmeText } from './exportManifest.js';
import { whileSteady, type Pace } from './exportPace.js';
import { assertWhole, recordExport } from './exportRecord.js';
import { addTexts } from './exportTexts.js';
import { checkProgram } from '../report/checkProgram.js';
import { verify } from './verify.js';

/** See EvidenceMakers. The folder gets its name last, so that who cancels, or meets a full disk, has nothing half. */
export async function exportEvidence(
  context: TrailContext,
  input: ExportInput,
): Promise<EvidenceWritten> {
  const { out, force = false, watch } = input;
  await assertWhole(context);
  let folder: ExportFolder | null = null;
  try {
    const verified = await verify(context, { full: true, ...(watch && { watch }) });
    const generatedAt = input.generatedAt ?? new Date().toISOString();
    const made = await whileSteady(context, watch, async (pace) => {
      await folder?.discard();
      folder = await ExportFolder.begin(out, force);
      const gathered = await gather(context, input, generatedAt, pace);
      return { ...(await fill(context, folder, gathered, pace)), gathered, folder };
    });
    folder = made.folder;
    const { gathered, counts, events } = made;
    await folder.add('verification.json', `${JSON.stringify(verified, null, 2)}\n`, json);
    await folder.add('check.py', checkProgram, { mediaType: 'text/x-python' });
    await folder.add('README.txt', readmeText(gathered, events.length), text);
    await folder.add(
      'manifest.json',
      manifestText(input, gathered, { events, files: folder.files }),
      json,
    );
    const sums = sumsText(folder.files);
    await folder.add('SHA256SUMS', sums, text);
    const { files } = folder;
    const written = await recordExport(context, gathered, {
      kind: 'Export',
      out,
      files: files.length,
      bytes: files.reduce((sum, one) => sum + one.bytes, 0),
      rows: files.reduce((sum, one) => sum + (one.rows ?? 0), 0),
      sums: digestOf(sums),
      counts,
    });
    await folder.finish(force);
    return written;
  } catch (error) {
    await folder?.discard();
    throw error;
  }
}

const text = { mediaType: 'text/plain; charset=utf-8' } as const;
const json = { mediaType: 'application/json' } as const;
const csv = 'text/csv; charset=utf-8; header=present';

interface Filled {
  /** Rows a table. */
  readonly counts: Readonly<Record<string, number>>;
  /** Seqs of the events that are in it. */
  readonly events: readonly number[];
}

async function fill(
  context: TrailContext,
  folder: ExportFolder,
  gathered: Gathered,
  pace: Pace,
): Promise<Filled> {
  const { view } = gathered;
  const counts: Record<string, number> = {};
  const addTable = async (table: EvidenceTable): Promise<void> => {
    const { name, columns, rows } = table;
    const lines = rows.map((row) => csvLine(columns, row));
    for (const part of parts(`tables/${name}.csv`, lines, { head: csvHead(columns) }))
      await folder.add(part.path, part.bytes, { mediaType: csv, rows: part.rows });
    await folder.add(`tables/${name}.schema.json`, tableSchema(table), json);
    counts[name] = rows.length;
    pace.tell();
    await pace.step();
  };
  for (const table of tablesOf(gathered)) await addTable(table);
  const events = selectedEvents(view.state, gathered.selection);
  await addTable({
    name: 'events',
    title: 'Events',
    about:
      'A row for each event of the export, in the agreed order; events.jsonl has their exact texts.',
    columns: eventColumns,
    rows: await pace.map(events, (seq) => eventTableRow(view, seq)),
  });
  await addChain(folder, gathered, events, pace);
  await addTable(await addTexts(context, folder, gathered, pace));
  return { counts, events };
}

function tablesOf({
  view,
  selection,
  totals,
  deployments,
  versions,
  baselines,
  exceptions,
}: Gathered): readonly EvidenceTable[] {
  return [
    deploymentsTable(view, deployments),
    versionsTable(versions, (id) => view.state.seqOf(id)),
    decisionsTable(view, selection.versions),
    promptsTable(selection),
    ...baselines.map(baselineTable),
    exceptionsTable(exceptions),
    ...exceptions.filter(({ answer }) => answer.unanswerable === undefined).map(answerTable),
    peopleTable(view),
    policiesTable(view),
    redactionsTable(view),
    writersTable(totals),
  ];
}
