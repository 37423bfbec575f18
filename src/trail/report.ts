import { lstat, open } from 'node:fs/promises';
import { explanationOf } from '../core/explain.js';
import { PromptAuditError } from '../core/errors.js';
import { digestOf } from '../core/hash.js';
import type { Digest } from '../core/ids.js';
import { onDisk } from '../ledger/diskErrors.js';
import { writeFileAtomically } from '../ledger/atomicFile.js';
import { reportHtml, reportMark } from '../report/html/page.js';
import { reportDocument } from '../report/reportDocument.js';
import type { TrailContext } from './context.js';
import type { EvidenceWritten, ReportInput } from './exportApi.js';
import { gather } from './exportGather.js';
import { whileSteady } from './exportPace.js';
import { assertWhole, recordExport } from './exportRecord.js';
import type { TextOrWhy } from './exportTexts.js';
import { changesOf } from './reportChanges.js';
import { verify } from './verify.js';

/** See EvidenceMakers. */
export async function report(context: TrailContext, input: ReportInput): Promise<EvidenceWritten> {
  const { out, force = false, watch } = input;
  await assertFree(out, force);
  await assertWhole(context);
  const verified = await verify(context, { full: true, ...(watch && { watch }) });
  const generatedAt = input.generatedAt ?? new Date().toISOString();
  const texts = new Map<Digest, TextOrWhy>();
  const { gathered, html } = await whileSteady(context, watch, async (pace) => {
    const found = await gather(context, input, generatedAt, pace);
    const changes = await changesOf(context, found, texts, pace);
    const { state, syncedSize } = found.view;
    const { deployment } = found.selection.asked;
    const explanation =
      deployment === null ? null : explanationOf(state, syncedSize, deployment.seq);
    const document = reportDocument({ ...found, changes, explanation, verified });
    return { gathered: found, html: reportHtml(document) };
  });
  const counts: Record<string, number> = {
    deployments: gathered.deployments.length,
    versions: gathered.versions.length,
  };
  for (const { entry, answer } of gathered.exceptions)
    if (answer.unanswerable === undefined) counts[entry.kind] = answer.rows.length;
  // Before somebody has it, the trail says so.
  const written = await recordExport(context, gathered, {
    kind: 'Report',
    out,
    files: 1,
    bytes: Buffer.byteLength(html),
    rows: Object.values(counts).reduce((sum, one) => sum + one, 0),
    sums: digestOf(html),
    counts,
  });
  await writeFileAtomically(out, html, { recheck: () => assertFree(out, force) });
  return written;
}

/** Only a report of ours is replaced, and only with `force`. Throws `file.exists`. */
async function assertFree(out: string, force: boolean): Promise<void> {
  await onDisk(out, async () => {
    const found = await lstat(out).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (found === null) return;
    if (force && found.isFile() && (await isReport(out))) return;
    throw new PromptAuditError({
      code: 'file.exists',
      message: `"${out}" is there already, and stays as it is.`,
      remedy: 'Choose another name. Only a report of this program is replaced, with --force.',
    });
  });
}

async function isReport(file: string): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(1024), 0, 1024, 0);
    return buffer.subarray(0, bytesRead).toString('utf8').includes(reportMark);
  } finally {
    await handle.close();
  }
}
