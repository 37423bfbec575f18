import type { Watch } from '../core/watch.js';
import type { WasmLoader } from './sqlEngine.js';
import { defaultSealBytes } from './volumes.js';
import { systemPlatform, systemRandom, type Platform } from './platform.js';

/** The writer's clock: the moment, and how many minutes east of UTC its wall clock stands. */
export type Clock = () => { readonly at: Date; readonly utcOffset: number };

export interface StoreOptions {
  /** `<root>/.prompt-audit/ledger.sqlite`. */
  readonly file: string;
  /** `<git common dir>/prompt-audit`, or `<root>/.prompt-audit` without git. */
  readonly privateDir: string;
  /** True without git: the journal is trimmed after a fold that was fsynced and read back. */
  readonly trimAfterFold: boolean;
  /** The bytes of ledger.sqlite in the local ledger ref; null when there is no such ref. */
  readonly readRef: () => Promise<Uint8Array | null>;
  /** The commit that the local ledger ref names; null where there is none. */
  readonly readRefTip?: () => Promise<string | null>;
  /** The bytes of a sealed volume in the local ledger ref, from 1; null where it has none. */
  readonly readRefVolume?: (volume: number) => Promise<Uint8Array | null>;
  /**
   * Where the ledger files of all work trees of this clone are. A copied clone's notes name those of the original,
   * which are not its own to change. Default: every file that the notes name.
   */
  readonly worktreeFiles?: (() => Promise<readonly string[]>) | undefined;
  /** Recorded with every event, such as `prompt-audit/0.1.0`. */
  readonly tool: string;
  readonly wasm?: WasmLoader | undefined;
  readonly clock?: Clock;
  /** As many random bytes as asked for. */
  readonly random?: (bytes: number) => Uint8Array;
  /** Told what was kept or set aside although nothing failed. */
  readonly warn?: (message: string) => void;
  readonly platform?: Platform;
  /** Milliseconds to wait for another process; default 10 s. */
  readonly lockPatience?: number;
  /** Bytes at which the open volume is sealed; default 16 MiB. */
  readonly sealBytes?: number;
  /** Events behind a snapshot after which a new one is stored; default 2,000. */
  readonly snapshotEvery?: number;
  /** Looks on while the ledger is read; may cancel. */
  readonly watch?: Watch | undefined;
}

export interface StoreContext {
  readonly file: string;
  readonly privateDir: string;
  readonly trimAfterFold: boolean;
  readonly readRef: () => Promise<Uint8Array | null>;
  readonly readRefTip: () => Promise<string | null>;
  readonly readRefVolume: (volume: number) => Promise<Uint8Array | null>;
  readonly worktreeFiles: (() => Promise<readonly string[]>) | undefined;
  readonly tool: string;
  readonly wasm: WasmLoader | undefined;
  readonly clock: Clock;
  readonly random: (bytes: number) => Uint8Array;
  readonly warn: (message: string) => void;
  readonly platform: Platform;
  readonly lockPatience: number;
  readonly sealBytes: number;
  readonly snapshotEvery: number;
  readonly watch: Watch | undefined;
}

const systemClock: Clock = () => {
  const at = new Date();
  return { at, utcOffset: -at.getTimezoneOffset() || 0 };
};

export function storeContext(options: StoreOptions): StoreContext {
  return {
    ...options,
    wasm: options.wasm,
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    warn: options.warn ?? (() => undefined),
    platform: options.platform ?? systemPlatform,
    lockPatience: options.lockPatience ?? 10_000,
    readRefTip: options.readRefTip ?? (() => Promise.resolve(null)),
    readRefVolume: options.readRefVolume ?? (() => Promise.resolve(null)),
    worktreeFiles: options.worktreeFiles,
    sealBytes: options.sealBytes ?? defaultSealBytes,
    snapshotEvery: options.snapshotEvery ?? 2_000,
    watch: options.watch,
  };
}
