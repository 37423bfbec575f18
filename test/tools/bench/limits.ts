import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '../../../src/core/hash.js';
import { withDatabase } from '../../../src/ledger/sqlEngine.js';
import type { Measured } from './child.js';
import { timed } from './samples.js';
import { auditFolderOf, snapshotOf } from './setting.js';

/** All files of a ledger, oldest first. */
export function ledgerFilesIn(folder: string): string[] {
  const audit = auditFolderOf(folder);
  const sealed = readdirSync(audit).includes('volumes')
    ? readdirSync(path.join(audit, 'volumes')).sort()
    : [];
  return [
    ...sealed.map((name) => path.join(audit, 'volumes', name)),
    path.join(audit, 'ledger.sqlite'),
  ];
}

/** What every cold open has to do at least: read the bytes and hash them. */
export async function readAndHash(folder: string): Promise<Measured> {
  return { ms: await timed(() => ledgerFilesIn(folder).map((file) => sha256(readFileSync(file)))) };
}

/** What every open with the cache has to do at least. */
export async function readSnapshot(folder: string): Promise<Measured> {
  return { ms: await timed(() => readFileSync(snapshotOf(folder))) };
}

/** What every verification has to do at least: read the rows, parse and hash them, on one thread. */
export async function readRows(folder: string): Promise<Measured> {
  const ms = await timed(async () => {
    for (const file of ledgerFilesIn(folder))
      await withDatabase(readFileSync(file), (db) => {
        const statement = db.prepare('SELECT id, header, body FROM event ORDER BY seq');
        while (statement.step()) {
          const [, header, body] = statement.get() as [Uint8Array, string, string];
          JSON.parse(header);
          JSON.parse(body);
          sha256(header);
          sha256(body);
        }
        statement.free();
        const contents = db.prepare('SELECT bytes FROM content');
        while (contents.step()) sha256(contents.get()[0] as Uint8Array);
        contents.free();
      });
  });
  return { ms };
}
