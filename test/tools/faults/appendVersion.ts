import type { LedgerEvent } from '../../../src/core/event.js';
import type { LedgerStore } from '../../../src/ledger/store.js';
import { ann, created, triage } from '../ledgerFixture.js';

const path = 'prompts/triage.md';

/** Begins the ledger, with the one prompt that is in it. */
export async function createLedger(store: LedgerStore): Promise<void> {
  store.create();
  await store.transact((tx) => {
    tx.append(created);
    tx.append({
      type: 'prompt.registered',
      who: ann,
      prompt: triage,
      refs: {},
      body: { path, format: 'markdown' },
      identity: 'git',
    });
  });
}

/** Records a text as a revision and a version of it, in one transaction. Gives the version. */
export async function appendVersion(store: LedgerStore, text: string): Promise<LedgerEvent> {
  return await store.transact((tx) => {
    const digest = tx.putContent(Buffer.from(text));
    const who = { who: ann, prompt: triage, identity: 'git' } as const;
    const revision = tx.append({
      ...who,
      type: 'revision.saved',
      refs: { digest },
      body: { path, size: text.length, source: 'cli' },
    });
    return tx.append({
      ...who,
      type: 'version.proposed',
      refs: { digest, revision: revision.id, number: 1 },
      body: { path, note: 'shorter' },
    });
  });
}
