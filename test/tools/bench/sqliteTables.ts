/** Tables and indexes for the questions of the bench; the ledger's own format has no index at all. */
export const sqlTables = `
CREATE TABLE event(seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, header TEXT NOT NULL, body TEXT);
CREATE TABLE content(digest BLOB PRIMARY KEY, encoding TEXT NOT NULL, bytes BLOB NOT NULL);
CREATE TABLE deployment(seq INTEGER PRIMARY KEY, prompt TEXT NOT NULL, env TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX deployment_active ON deployment(env, prompt, at, seq);
`;
