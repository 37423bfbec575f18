import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Finding } from '../core/rows.js';
import { readBytes, setAsidePattern } from './fileOnDisk.js';
import { finding, firstError } from './findings.js';
import { Journal } from './journal.js';
import { readLedgerFile } from './sqliteFile.js';
import type { StoreContext } from './storeOptions.js';
import { volumePath } from './volumes.js';

const asideShown = 5;

/** What is wrong with the files and journals that were kept when others took their place. */
export async function setAsideFindings(context: StoreContext): Promise<readonly Finding[]> {
  const { file } = context;
  return [
    ...(await filesIn(context, dirname(file), basename(file, '.sqlite'))),
    ...(await filesIn(context, dirname(volumePath(file, 1)), '0')),
    ...(await journals(context)),
  ];
}

async function filesIn(
  { wasm }: StoreContext,
  folder: string,
  stem: string,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const name of await setAsideNames(folder, stem, '.sqlite')) {
    const bytes = await readBytes(join(folder, name)).catch(() => null);
    const parsed = bytes && (await readLedgerFile(bytes, { wasm, full: true }).catch(() => null));
    const first = parsed && (firstError(parsed.findings) ?? parsed.findings[0]);
    findings.push(
      finding({
        code: 'file.setAside',
        severity: 'warning',
        seq: first?.seq ?? null,
        event: first?.event ?? null,
        message:
          `A broken ledger file was replaced and is kept as ${name}. ${first ? first.message : ''}`.trim(),
        expected: first?.expected ?? null,
        found: first?.found ?? null,
        remedy: 'Find out who changed it. Delete the copy when you no longer need it.',
      }),
    );
  }
  return findings;
}

async function journals({ privateDir, platform }: StoreContext): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const name of await setAsideNames(privateDir, 'journal', '.jsonl')) {
    const journal = new Journal(join(privateDir, name), platform);
    await journal.readNew().catch(() => undefined);
    const where = journal.state.damage.map(({ offset, problem }) =>
      problem === null ? 'its first line' : `the line at byte ${offset} (${problem})`,
    );
    const what =
      where.length > 0
        ? ` Damaged in it: ${where.slice(0, asideShown).join(', ')}.`
        : ' It belonged to another ledger.';
    findings.push(
      finding({
        code: 'journal.setAside',
        severity: 'warning',
        message: `A broken journal was replaced and is kept as ${name}.${what}`,
        remedy:
          where.length > 0
            ? 'What could be read of it is in the ledger. Delete the copy when you no longer need it.'
            : 'Nothing of it was taken over. Find out where it came from.',
      }),
    );
  }
  return findings;
}

async function setAsideNames(folder: string, stem: string, extension: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [] as string[]);
  const kept = names.filter(
    (name) => name.startsWith(stem) && name.endsWith(extension) && setAsidePattern.test(name),
  );
  return kept.sort().slice(-asideShown);
}
