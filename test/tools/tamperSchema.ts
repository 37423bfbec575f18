import type { Tampering } from './tamperBytes.js';
import { withSql } from './tamperTables.js';

const sql = (name: string, statements: string): Tampering => ({
  name,
  apply: (bytes) => withSql(bytes, statements),
});

const editSchema = (what: string): string => `PRAGMA writable_schema = ON; ${what}`;

/** What another SQLite program does to a file. */
export const schemaTamperings: readonly Tampering[] = [
  sql('a trigger', 'CREATE TRIGGER t AFTER INSERT ON event BEGIN SELECT 1; END'),
  sql('another table', 'CREATE TABLE more(x)'),
  sql('another view', 'CREATE VIEW more AS SELECT 1'),
  sql('an index', 'CREATE INDEX i ON event(id)'),
  sql('no view', 'DROP VIEW trail'),
  sql('another view "trail"', 'DROP VIEW trail; CREATE VIEW trail AS SELECT 1 AS seq'),
  sql(
    'a view in place of the table',
    'DROP VIEW trail; ALTER TABLE event RENAME TO real; CREATE VIEW event AS SELECT * FROM real',
  ),
  sql('another column', 'ALTER TABLE event ADD COLUMN more TEXT'),
  sql('statistics', 'ANALYZE'),
  sql('no events', 'DELETE FROM event'),
  sql('an emptied schema', editSchema('DELETE FROM sqlite_schema')),
  sql('a broken schema', editSchema(`UPDATE sqlite_schema SET sql = 'CREATE' WHERE rowid = 1`)),
  sql(
    'a schema in another order',
    editSchema('UPDATE sqlite_schema SET rowid = 9 WHERE rowid = 1'),
  ),
  sql(
    'a check less',
    editSchema(`UPDATE sqlite_schema SET sql = replace(sql, ' NOT NULL', '') WHERE rowid = 1`),
  ),
  ...['type', 'name', 'tbl_name', 'sql'].flatMap((column) => [
    sql(
      `NUL behind "${column}" of the view`,
      editSchema(`UPDATE sqlite_schema SET ${column} = ${column} || char(0) WHERE rowid = 5`),
    ),
    sql(
      `a byte order mark before "${column}" of a table`,
      editSchema(`UPDATE sqlite_schema SET ${column} = char(65279) || ${column} WHERE rowid = 4`),
    ),
  ]),
  sql(
    'free pages',
    'CREATE TABLE more(x); INSERT INTO more VALUES(zeroblob(9000)); DROP TABLE more',
  ),
  sql('VACUUM', 'VACUUM'),
  sql('a version of its own', 'PRAGMA user_version = 7'),
];
