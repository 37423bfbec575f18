import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import initSqlJs, { type Database, type SqlJsStatic } from 'sql.js';
import { PromptAuditError } from '../core/errors.js';
import { onDisk } from './diskErrors.js';

/** The bytes of sql-wasm.wasm. */
export type WasmLoader = () => Promise<Uint8Array>;

const engines = new Map<WasmLoader, Promise<SqlJsStatic>>();

/** SQLite, started once for each loader. */
export function sqlEngine(wasm: WasmLoader = bundledWasm): Promise<SqlJsStatic> {
  const known = engines.get(wasm);
  if (known) return known;
  const started = wasm().then((bytes) => initSqlJs({ wasmBinary: Uint8Array.from(bytes).buffer }));
  engines.set(wasm, started);
  // A loader that failed once (a disk, a half-installed package) may be tried again.
  started.catch(() => engines.delete(wasm));
  return started;
}

/** Opens bytes (or an empty database) for `work` and always closes it again. */
export async function withDatabase<T>(
  bytes: Uint8Array | null,
  work: (db: Database) => T | Promise<T>,
  wasm?: WasmLoader,
): Promise<T> {
  const { Database } = await sqlEngine(wasm);
  // The engine copies what it is given with `slice`, which is no copy for a Buffer.
  const plain = bytes && new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
  const db = new Database(plain);
  try {
    return await work(db);
  } finally {
    db.close();
  }
}

/** What a hostile file must not be able to do while it is read. Throws what SQLite says of the file. */
export function protect(db: Database): void {
  for (const pragma of ['trusted_schema = OFF', 'cell_size_check = ON', 'query_only = ON'])
    db.run(`PRAGMA ${pragma}`);
}

const wasmName = 'sql-wasm.wasm';

/** Reads the file beside the running bundle, or the package's own while it is being developed. */
async function bundledWasm(): Promise<Uint8Array> {
  const candidates = [join(__dirname, wasmName)];
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    candidates.push(join(folder, 'node_modules', 'sql.js', 'dist', wasmName));
  }
  const path = candidates.find((candidate) => existsSync(candidate));
  if (path !== undefined) return await onDisk(path, () => readFile(path));
  throw new PromptAuditError({
    code: 'disk.failed',
    message: `${wasmName} is missing beside the program.`,
    remedy: 'Install Prompt Audit Trail again.',
  });
}
