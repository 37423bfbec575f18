import { stat } from 'node:fs/promises';
import path from 'node:path';
import { packageJson, root, vsixName } from './project.mjs';

const kib = 1024;

/** What ships, and the most it may weigh in bytes. */
const limits = [
  // The engine, and what judges signatures and proofs, have no place in it: they are in the CLI's, which is the worker's, too.
  { name: 'extension', file: 'dist/extension.js', limit: 220 * kib },
  { name: 'cli', file: 'dist/cli.js', limit: 1300 * kib },
  { name: 'webview', file: 'dist/webview/timeline.js', limit: 80 * kib },
  { name: 'wasm', file: 'dist/sql-wasm.wasm', limit: 700 * kib },
  { name: 'vsix', file: vsixName(packageJson()), limit: 1.5 * kib * kib },
];

async function measured() {
  const rows = await Promise.all(
    limits.map(async (row) => {
      const size = await stat(path.join(root, row.file)).then(
        (found) => found.size,
        () => null,
      );
      return { ...row, size };
    }),
  );
  return rows.filter((row) => row.size !== null);
}

/** One line for each built file: its size and its limit in KB (1024 bytes). */
export async function sizeReport() {
  const rows = await measured();
  const inKb = (bytes) => `${(bytes / kib).toFixed(1)} KB`.padStart(10);
  return rows
    .map((row) => `${row.name.padEnd(10)}${inKb(row.size)} of ${inKb(row.limit)}  ${row.file}`)
    .join('\n');
}

/** Says which built files are above their limit; empty when none is. */
export async function sizeFailures() {
  return (await measured())
    .filter((row) => row.size > row.limit)
    .map((row) => `${row.file} has ${row.size} bytes, its limit is ${row.limit}`);
}
