import { closeSync, fdatasyncSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { EventDraft, LedgerEvent } from '../../../src/core/event.js';
import { digestOf } from '../../../src/core/hash.js';
import { LedgerStore } from '../../../src/ledger/store.js';
import { Helper } from './child.js';
import type { BenchLedger } from './ledgers.js';
import { plainRow, timedRow, type Row } from './row.js';
import { interleaved, median, timed, type Side } from './samples.js';
import { privateFolderOf, storeOptionsAt } from './setting.js';

const rounds = 60;

/** One durable event at all sizes, and the other sides, in the same rounds. */
export async function appendRows(ledgers: readonly BenchLedger[]): Promise<Row[]> {
  const sides: Record<string, Side> = {};
  const helpers: Helper[] = [];
  for (const ledger of ledgers) {
    const appender = await Appender.open(ledger);
    sides[`ours ${ledger.size}`] = () => appender.append();
    sides[`limit ${ledger.size}`] = () => appender.bare();
    if (ledger.node24 === null) continue;
    const helper = new Helper(ledger.node24, 'sqlite-insert', [ledger.folder]);
    helpers.push(helper);
    sides[`sqlite ${ledger.size}`] = () => helper.ask(appender.rowOfLast());
  }
  // From a small process: starting another one takes longer the more memory the starter has.
  const commits = new Helper(process.execPath, 'git-commit', [ledgers[0]!.folder]);
  helpers.push(commits);
  sides['git'] = (round) => commits.ask(String(round));
  const taken = await interleaved(rounds, sides);
  for (const helper of helpers) await helper.end();
  const rows = ledgers.map(({ size }) =>
    timedRow({
      what: 'durable append',
      size,
      ours: taken[`ours ${size}`]!,
      sides: {
        limit: taken[`limit ${size}`]!,
        sqlite: taken[`sqlite ${size}`] ?? null,
        git: taken['git']!,
      },
      bar: { of: 'limit', most: 3 },
    }),
  );
  const [smallest, largest] = [ledgers[0]!.size, ledgers.at(-1)!.size];
  if (smallest === largest) return rows;
  const growth = median(taken[`ours ${largest}`]!) / median(taken[`ours ${smallest}`]!);
  const what = `durable append, against ${smallest.toLocaleString('en')} events`;
  const bar = { of: 'ours', most: 1.3 } as const;
  return [...rows, plainRow({ what, size: largest, unit: '×', ours: growth, bar })];
}

/** Appends to one ledger, and the same number of bytes to a bare file of the same size. */
class Appender {
  readonly #store: LedgerStore;
  readonly #journal: string;
  readonly #bare: string;
  #last: LedgerEvent;
  #line = Buffer.alloc(0);

  private constructor(store: LedgerStore, folder: string) {
    this.#store = store;
    this.#journal = path.join(privateFolderOf(folder), 'journal.jsonl');
    this.#bare = path.join(privateFolderOf(folder), 'bare');
    this.#last = store.state.event(store.size);
    writeFileSync(this.#bare, Buffer.alloc(statSync(this.#journal).size, 'x'));
  }

  static async open({ folder }: BenchLedger): Promise<Appender> {
    const appender = new Appender(await LedgerStore.open(await storeOptionsAt(folder)), folder);
    // The first one of a process also makes what others wrote durable.
    await appender.append();
    return appender;
  }

  async append(): Promise<number> {
    const before = statSync(this.#journal).size;
    const draft = this.#draft();
    const took = await timed(() =>
      this.#store.transact((tx) => {
        this.#last = tx.append(draft);
      }),
    );
    this.#line = Buffer.alloc(statSync(this.#journal).size - before, 'x');
    return took;
  }

  /** With the same system calls that nothing durable can do without. */
  async bare(): Promise<number> {
    return await timed(() => {
      const file = openSync(this.#bare, 'a');
      writeSync(file, this.#line);
      fdatasyncSync(file);
      closeSync(file);
    });
  }

  rowOfLast(): string {
    const { id, headerText: header, bodyText: body } = this.#last;
    return JSON.stringify({ id, header, body });
  }

  #draft(): EventDraft {
    const prompt = [...this.#store.state.prompts.values()][0]!;
    const refs = { digest: digestOf(`bench ${this.#store.size}`) };
    const body = { path: prompt.path!, size: 1200, source: 'editor' } as const;
    const { who } = this.#last.header;
    return { type: 'revision.saved', who, prompt: prompt.id, refs, body, identity: 'git' };
  }
}
