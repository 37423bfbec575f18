/** What is used of `node:sqlite`, which Node 20 has not and so its types lack. */
export interface NativeDatabase {
  exec(sql: string): void;
  prepare(sql: string): NativeStatement;
  close(): void;
}

export interface NativeStatement {
  run(...parameters: unknown[]): unknown;
  get(...parameters: unknown[]): Record<string, unknown> | undefined;
  all(...parameters: unknown[]): Record<string, unknown>[];
  iterate(...parameters: unknown[]): Iterable<Record<string, unknown>>;
}

/** Opens a database with native SQLite. Only in a process of Node 24. */
export function nativeDatabase(file: string): NativeDatabase {
  const sqlite = process.getBuiltinModule('node:sqlite') as unknown as {
    DatabaseSync: new (file: string) => NativeDatabase;
  };
  return new sqlite.DatabaseSync(file);
}
