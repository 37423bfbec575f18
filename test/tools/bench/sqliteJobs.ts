import { readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { sqlTables } from './sqliteTables.js';
import { auditFolderOf, nativeFileOf } from './setting.js';
import { nativeDatabase } from './sqliteSide.js';
import { median, quantile, timed } from './samples.js';
import type { Measured } from './child.js';

/** Copies all rows of a ledger's volumes into one database as somebody would make it who only wants to ask. */
export function makeNative(folder: string): Measured {
  const file = nativeFileOf(folder);
  rmSync(file, { force: true });
  const db = nativeDatabase(file);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  db.exec(sqlTables);
  for (const volume of volumesIn(folder)) {
    db.prepare('ATTACH ? AS volume').run(volume);
    db.exec(
      'INSERT INTO event SELECT seq, lower(hex(id)), header, body FROM volume.event ORDER BY seq',
    );
    db.exec('INSERT OR IGNORE INTO content SELECT digest, encoding, bytes FROM volume.content');
    db.exec('DETACH volume');
  }
  db.exec(`INSERT INTO deployment
    SELECT seq, header ->> '$.prompt', header ->> '$.refs.env', header ->> '$.at'
    FROM event WHERE header ->> '$.type' = 'deployment.recorded'`);
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  return {};
}

/** The size of a file with the events alone, without texts, as the format would have it. */
export function bytesWithoutTexts(folder: string): Measured {
  const file = path.join(folder, 'without-texts.sqlite');
  rmSync(file, { force: true });
  const db = nativeDatabase(file);
  db.exec(
    'PRAGMA page_size = 4096; CREATE TABLE event(seq INTEGER PRIMARY KEY, id BLOB, header TEXT, body TEXT)',
  );
  for (const volume of volumesIn(folder)) {
    db.prepare('ATTACH ? AS volume').run(volume);
    db.exec('INSERT INTO event SELECT seq, id, header, body FROM volume.event ORDER BY seq');
    db.exec('DETACH volume');
  }
  db.close();
  const { size } = statSync(file);
  rmSync(file);
  return { bytes: size };
}

/** Opens the database and has every row in memory. */
export async function openNative(folder: string): Promise<Measured> {
  const ms = await timed(() => {
    const db = nativeDatabase(nativeFileOf(folder));
    const rows = [];
    for (const { seq, header, body } of db.prepare('SELECT seq, header, body FROM event').iterate())
      rows.push([seq, JSON.parse(String(header)), JSON.parse(String(body))]);
    db.close();
  });
  return { ms };
}

/** The three questions of query.ts. `times`: ISO times, comma-separated. */
export async function queryNative(folder: string, text: string, times: string): Promise<Measured> {
  const db = nativeDatabase(nativeFileOf(folder));
  const active = db.prepare(
    `SELECT event.header, event.body, max(deployment.seq) FROM deployment JOIN event USING (seq)
    WHERE env = 'production' AND deployment.at <= ? GROUP BY deployment.prompt`,
  );
  const parsed = (rows: Record<string, unknown>[]): unknown[] =>
    rows.flatMap(({ header, body }) =>
      [header, body].map((text): unknown => JSON.parse(String(text))),
    );
  const taken: number[] = [];
  for (const at of times.split(',')) taken.push(await timed(() => parsed(active.all(at))));
  const newest = db.prepare('SELECT header, body FROM event ORDER BY seq DESC LIMIT 200');
  const search = db.prepare('SELECT seq FROM event WHERE body LIKE ?');
  const page: number[] = [];
  const found: number[] = [];
  for (let round = 0; round < 5; round++) {
    page.push(await timed(() => parsed(newest.all())));
    found.push(await timed(() => search.all(`%${text}%`)));
  }
  db.close();
  return { active: quantile(taken, 0.95), page: median(page), search: median(found) };
}

/** Inserts one row a line that it is given; answers with the milliseconds. */
export async function insertNative(folder: string): Promise<Measured> {
  const db = nativeDatabase(nativeFileOf(folder));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  const insert = db.prepare('INSERT INTO event(id, header, body) VALUES (?, ?, ?)');
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, header, body } = JSON.parse(line) as Record<'id' | 'header' | 'body', string>;
    console.log(await timed(() => insert.run(id, header, body)));
  }
  db.close();
  return {};
}

function volumesIn(folder: string): string[] {
  const audit = auditFolderOf(folder);
  const sealed = path.join(audit, 'volumes');
  const names = statSync(sealed, { throwIfNoEntry: false }) ? readdirSync(sealed).sort() : [];
  const volumes = names.filter((name) => name.endsWith('.sqlite'));
  return [...volumes.map((name) => path.join(sealed, name)), path.join(audit, 'ledger.sqlite')];
}
