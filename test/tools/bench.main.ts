import {
  closeSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import type { EventDraft } from '../../src/core/event.js';
import { digestOf, sha256 } from '../../src/core/hash.js';
import type { PersonId, PromptId } from '../../src/core/ids.js';
import { LedgerState } from '../../src/core/state.js';
import { withDatabase } from '../../src/ledger/sqlEngine.js';
import { LedgerStore } from '../../src/ledger/store.js';
import type { StoreOptions } from '../../src/ledger/storeOptions.js';
import { verifyLedger } from '../../src/ledger/verify.js';

/** One row of DESIGN.md §11: our median, that of the other side, both in ms and of this run. */
interface Row {
  readonly what: string;
  readonly ours: number;
  readonly other: number | null;
  readonly bar: string;
}

const rounds = 25;
const who = 'a'.repeat(32) as PersonId;
const prompt = 'b'.repeat(32) as PromptId;

function draft(i: number): EventDraft {
  return {
    type: 'revision.saved',
    who,
    prompt,
    refs: { digest: digestOf(`text ${i}`) },
    body: { path: 'prompts/triage.prompt.md', size: 1200 + i, source: 'editor' },
    identity: 'git',
  };
}

async function median(
  times: number,
  work: (round: number) => Promise<void> | void,
): Promise<number> {
  const taken: number[] = [];
  for (let round = 0; round < times; round++) {
    const start = performance.now();
    await work(round);
    taken.push(performance.now() - start);
  }
  return taken.sort((a, b) => a - b)[Math.floor(times / 2)] ?? 0;
}

async function ledgerOf(folder: string, size: number): Promise<StoreOptions> {
  const options: StoreOptions = {
    file: path.join(folder, 'ledger.sqlite'),
    privateDir: folder,
    trimAfterFold: true,
    readRef: () => Promise.resolve(null),
    tool: 'prompt-audit/0.1.0',
  };
  const store = await LedgerStore.open(options);
  store.create();
  await store.transact((tx) => {
    tx.append({ type: 'ledger.created', who, refs: {}, body: {}, identity: 'git' });
    tx.append({
      type: 'prompt.registered',
      who,
      prompt,
      refs: {},
      body: { path: 'p', format: 'text' },
      identity: 'git',
    });
    for (let i = 2; i < size; i++) tx.append(draft(i));
  });
  await store.fold();
  return options;
}

async function measure(folder: string, size: number): Promise<Row[]> {
  const options = await ledgerOf(folder, size);
  const store = await LedgerStore.open(options);
  const append = await median(rounds, (i) =>
    store.transact((tx) => void tx.append(draft(size + i))),
  );
  const line = 'x'.repeat(1100);
  const bare = openSync(path.join(folder, 'bare'), 'a');
  const write = await median(rounds, () => {
    writeSync(bare, `${line}\n`);
    fsyncSync(bare);
  });
  closeSync(bare);
  await store.fold();
  const slow = size > 1000 ? 3 : 9;
  const open = await median(slow, async () => {
    const opened = await LedgerStore.open(options);
    const state = new LedgerState();
    for (const { event } of opened.events) state.apply(event);
  });
  const verify = await median(slow, async () => void (await verifyLedger(options)));
  const read = await median(slow, () =>
    withDatabase(readFileSync(options.file), (db) => {
      for (const row of db.exec('SELECT id, header, body FROM event')[0]?.values ?? []) {
        JSON.parse(String(row[1]));
        sha256(String(row[1]));
        sha256(String(row[2]));
      }
    }),
  );
  const bytes = statSync(options.file).size / store.events.length;
  const at = `${size.toLocaleString('en')} events`;
  return [
    { what: `durable append, ${at}: a bare write+fsync`, ours: append, other: write, bar: '<= 3' },
    {
      what: `full verify, ${at}: reading, JSON.parse and SHA-256`,
      ours: verify,
      other: read,
      bar: '<= 4',
    },
    {
      what: `open cold and fold the state, ${at}, ms`,
      ours: open,
      other: null,
      bar: '<= 2500 at 100,000',
    },
    { what: `bytes an event in the file, ${at}`, ours: bytes, other: null, bar: '<= 700' },
  ];
}

async function main(sizes: readonly number[]): Promise<void> {
  const results: Record<string, number> = {};
  for (const size of sizes) {
    const folder = mkdtempSync(path.join(tmpdir(), 'prompt-audit-bench-'));
    try {
      for (const { what, ours, other, bar } of await measure(folder, size)) {
        const value = other === null ? ours : ours / other;
        const sides =
          other === null ? '' : `  (${ours.toFixed(2)} ms against ${other.toFixed(2)} ms)`;
        results[what] = Number(value.toPrecision(3));
        console.log(`${value.toFixed(2).padStart(9)}  bar ${bar.padEnd(18)}  ${what}${sides}`);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  console.log(JSON.stringify(results));
}

main(process.argv.slice(2).map(Number)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
