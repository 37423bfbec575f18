import type { Measured } from './child.js';
import { commitEach } from './gitCommits.js';
import { gateLimit, gateOnce } from './gate.js';
import { importEach, logEach } from './import.js';
import { appendSome } from './incremental.js';
import { readAndHash, readRows, readSnapshot } from './limits.js';
import { openCold, openForeign, openWarm, verifyAll } from './openJobs.js';
import {
  bytesWithoutTexts,
  insertNative,
  makeNative,
  openNative,
  queryNative,
} from './sqliteJobs.js';
import { pushEach, syncEach } from './sync.js';

type Job = (folder: string, ...more: string[]) => Measured | Promise<Measured>;

/** What runs in a process of its own, by name. Those of SQLite need Node 24. */
const jobs: Readonly<Record<string, Job>> = {
  append: appendSome,
  gate: gateOnce,
  'gate-limit': gateLimit,
  'git-commit': commitEach,
  'git-log': logEach,
  'git-push': pushEach,
  'import-each': importEach,
  'open-cold': openCold,
  'open-warm': openWarm,
  'open-foreign': openForeign,
  'read-and-hash': readAndHash,
  'read-rows': readRows,
  'read-snapshot': readSnapshot,
  'sqlite-insert': insertNative,
  'sqlite-make': makeNative,
  'sqlite-open': openNative,
  'sqlite-query': queryNative,
  'sqlite-size': bytesWithoutTexts,
  'sync-each': syncEach,
  verify: verifyAll,
};

export async function runNamedJob(name: string, parameters: readonly string[]): Promise<void> {
  const job = jobs[name];
  if (job === undefined) throw new Error(`There is no job ${name}.`);
  const [folder = '', ...more] = parameters;
  console.log(JSON.stringify(await job(folder, ...more)));
}
