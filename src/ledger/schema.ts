/** The file format that this program reads and writes; also SQLite's user_version (docs/LEDGER.md). */
export const fileFormatVersion = 1;

export const pageSize = 4096;

/** "PATL" in ASCII, for programs such as file(1). */
export const applicationId = 0x5041544c;

const eventTable = `CREATE TABLE event(
  seq INTEGER PRIMARY KEY,
  id BLOB NOT NULL CHECK(typeof(id) = 'blob' AND length(id) = 32),
  header TEXT NOT NULL CHECK(typeof(header) = 'text'),
  body TEXT CHECK(typeof(body) IN ('text', 'null'))
)`;

const contentTable = `CREATE TABLE content(
  digest BLOB NOT NULL CHECK(typeof(digest) = 'blob' AND length(digest) = 32),
  encoding TEXT NOT NULL CHECK(encoding IN ('identity', 'deflate')),
  bytes BLOB NOT NULL CHECK(typeof(bytes) = 'blob')
)`;

const signatureTable = `CREATE TABLE signature(
  event BLOB NOT NULL CHECK(typeof(event) = 'blob' AND length(event) = 32),
  digest BLOB NOT NULL CHECK(typeof(digest) = 'blob' AND length(digest) = 32),
  bytes BLOB NOT NULL CHECK(typeof(bytes) = 'blob')
)`;

const metaTable = `CREATE TABLE meta(
  name TEXT NOT NULL CHECK(typeof(name) = 'text'),
  value TEXT NOT NULL CHECK(typeof(value) = 'text')
)`;

const trailView = `CREATE VIEW trail AS
WITH person AS (
  SELECT json_extract(header, '$.refs.person') AS id, json_extract(body, '$.name') AS name,
    json_extract(body, '$.email') AS email, max(seq) AS last
  FROM event WHERE json_extract(header, '$.type') = 'person.declared' GROUP BY 1
), prompt AS (
  SELECT json_extract(header, '$.prompt') AS id,
    coalesce(json_extract(body, '$.path'), json_extract(body, '$.to')) AS path, max(seq) AS last
  FROM event WHERE json_extract(header, '$.type') IN ('prompt.registered', 'prompt.moved') GROUP BY 1
)
SELECT event.seq, json_extract(header, '$.at') AS at, json_extract(header, '$.type') AS type,
  coalesce(person.name, '(unknown)') AS who, person.email,
  coalesce(json_extract(body, '$.path'), json_extract(body, '$.to'), prompt.path) AS path,
  json_extract(header, '$.refs.number') AS number,
  json_extract(header, '$.refs.decision') AS decision,
  json_extract(header, '$.refs.env') AS env,
  coalesce(json_extract(body, '$.note'), json_extract(body, '$.reason'), json_extract(body, '$.text')) AS note,
  json_extract(header, '$.refs.digest') AS digest, lower(hex(event.id)) AS id
FROM event
LEFT JOIN person ON person.id = json_extract(header, '$.who')
LEFT JOIN prompt ON prompt.id = json_extract(header, '$.prompt')
ORDER BY event.seq`;

/** sqlite_schema of a ledger file, exactly: type, name, table, SQL. Nothing else may stand in it. */
export const schemaRows: readonly (readonly [string, string, string, string])[] = [
  ['table', 'event', 'event', eventTable],
  ['table', 'content', 'content', contentTable],
  ['table', 'signature', 'signature', signatureTable],
  ['table', 'meta', 'meta', metaTable],
  ['view', 'trail', 'trail', trailView],
];

/** What makes an empty ledger file of an empty database. */
export const createStatements: readonly string[] = [
  `PRAGMA page_size = ${pageSize}`,
  `PRAGMA encoding = 'UTF-8'`,
  `PRAGMA application_id = ${applicationId}`,
  `PRAGMA user_version = ${fileFormatVersion}`,
  ...schemaRows.map((row) => row[3]),
];
