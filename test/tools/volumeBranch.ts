import { digestOf } from '../../src/core/hash.js';
import { readLedgerFile } from '../../src/ledger/sqliteFile.js';
import type { LedgerStore } from '../../src/ledger/store.js';
import type { StoreOptions } from '../../src/ledger/storeOptions.js';

/** The files of one commit of a ledger branch. */
export interface Tip {
  readonly commit: string;
  readonly open: Uint8Array;
  readonly volumes: readonly Uint8Array[];
}

/** What a clone's local ledger ref names. */
export class LocalRef {
  tip: Tip | null = null;

  get options(): Pick<StoreOptions, 'readRef' | 'readRefVolume'> {
    return {
      readRef: () => Promise.resolve(this.tip?.open ?? null),
      readRefVolume: (volume) => Promise.resolve(this.tip?.volumes[volume - 1] ?? null),
    };
  }
}

/** A ledger branch on a remote, as src/trail/sync.ts uses it, without git. */
export class VolumeBranch {
  tip: Tip | null = null;
  #commits = 0;

  /** Brings a clone and the branch to one order. `beforePush` runs when another clone may be faster. */
  async sync(store: LedgerStore, ref: LocalRef, beforePush?: () => Promise<void>): Promise<void> {
    for (;;) {
      const { tip } = this;
      if (tip !== null) await this.#take(store, ref, tip);
      const made = await this.#make(store);
      await beforePush?.();
      beforePush = undefined;
      if (this.tip !== tip) continue;
      this.tip = ref.tip = made.tip;
      const volumes = made.tip.volumes.map((bytes) => seen(bytes));
      await store.markSynced({ ...made.point, commit: made.tip.commit, remote: 'origin', volumes });
      return;
    }
  }

  async #take(store: LedgerStore, ref: LocalRef, tip: Tip): Promise<void> {
    if (store.seen?.commit === tip.commit) return;
    const known = (store.seen?.volumes ?? []).map(({ blob }) => blob);
    await store.rebase(
      {
        open: await readLedgerFile(tip.open, { full: true }),
        volume: (volume) => Promise.resolve(tip.volumes[volume - 1] ?? null),
        blobs: tip.volumes.map((bytes) => seen(bytes).blob),
        known: tip.volumes.map((bytes, i) =>
          known[i] === seen(bytes).blob ? hashOf(bytes) : null,
        ),
      },
      { commit: tip.commit, remote: 'origin' },
    );
    ref.tip = tip;
  }

  async #make(store: LedgerStore) {
    const { open, volumes, point } = await store.contents();
    const bytes = await Promise.all(volumes.map(({ read }) => read()));
    return { tip: { commit: `c${++this.#commits}`, open, volumes: bytes }, point };
  }
}

const hashOf = (bytes: Uint8Array): string => digestOf(bytes).slice('sha256:'.length);
const seen = (bytes: Uint8Array) => ({ blob: `blob ${hashOf(bytes)}`, sha256: hashOf(bytes) });
