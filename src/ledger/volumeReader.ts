import { sha256Hex } from '../core/hash.js';
import { report } from '../core/watch.js';
import type { Ground } from './base.js';
import { contentsInFiles, unpacked } from './packedVolume.js';
import { slimmed } from './slimEvent.js';
import { checkBehind, readLedgerFile, type LedgerFile } from './sqliteFile.js';
import type { StoreContext } from './storeOptions.js';
import type { VolumeSet } from './verifyVolumes.js';
import type { VolumeFiles } from './volumeFiles.js';
import { VolumePool } from './volumePool.js';

/** Below this a thread takes longer to start than it saves. */
const leastVolumes = 3;
/** Milliseconds between two looks at whether somebody cancelled, while threads work. */
const watchPause = 50;
/** Volumes that may be ready before their turn: a bound for memory. */
const mostAhead = 4;

type Rows = Pick<LedgerFile, 'ledger' | 'start' | 'events' | 'attachments'>;

/** A volume that has nothing wrong by itself. */
interface CleanVolume extends Rows {
  readonly hash: string;
  readonly release: () => void;
}

export interface ReadVolume {
  readonly bytes: Uint8Array;
  /** SHA-256, 64 hex digits. */
  readonly hash: string;
  readonly file: Rows & Pick<LedgerFile, 'findings' | 'missing'>;
  /** Lets the texts go: they are taken from the files from now on. */
  readonly release: () => void;
}

export interface VolumeReaderInput {
  readonly context: Pick<StoreContext, 'wasm' | 'watch'>;
  readonly set: VolumeSet;
  readonly files: VolumeFiles;
  readonly first: number;
  readonly last: number;
  /** See VerifyOptions. */
  readonly bundle: string | null;
}

interface Fetched {
  readonly bytes: Uint8Array;
  /** Null where something is wrong with it, or nobody has looked. */
  readonly clean: CleanVolume | null;
}

interface Taken {
  /** Resolves when its bytes are read and a thread has them, if one was to get them. Never rejects. */
  readonly handed: Promise<void>;
  readonly fetched: Promise<Fetched | null>;
  readonly isByThread: boolean;
  isReady: boolean;
}

/**
 * Reads volumes in their order and checks them. What a volume shows by itself is checked ahead, by threads
 * where there are any, and by this one while it would wait for them. Ahead nobody finds words for what is
 * wrong: such a volume is read again in its turn.
 */
export class VolumeReader {
  readonly #input: VolumeReaderInput;
  readonly #pool: VolumePool | null;
  readonly #taken = new Map<number, Taken>();
  #reading: Promise<unknown> = Promise.resolve();

  constructor(input: VolumeReaderInput) {
    this.#input = input;
    const { bundle, first, last } = input;
    const count = last - first + 1;
    this.#pool = bundle !== null && count >= leastVolumes ? new VolumePool(bundle, count) : null;
  }

  /** The next volume, held to what stands before it; null where it is missing. Throws as readLedgerFile does. */
  async read(volume: number, ground: Ground | null): Promise<ReadVolume | null> {
    const own = this.#taken.get(volume) ?? this.#take(volume, () => null);
    // What this thread does itself keeps it from handing out anything.
    await this.#feed(volume);
    for (let next = volume + 1; next <= Math.min(volume + mostAhead, this.#input.last); next++) {
      if (!own.isByThread || own.isReady) break;
      if (this.#taken.has(next)) continue;
      await this.#take(next, (bytes) => this.#cleanHere(bytes)).fetched.catch(() => undefined);
      await this.#feed(volume);
    }
    const fetched = await this.#watched(own.fetched, ground?.size ?? 0);
    this.#taken.delete(volume);
    if (fetched === null) return null;
    const { bytes, clean } = fetched;
    return clean === null
      ? await this.#readHere(bytes, ground)
      : { bytes, hash: clean.hash, file: judged(clean, ground), release: clean.release };
  }

  /** Ends what still runs. */
  async close(): Promise<void> {
    await this.#pool?.close();
  }

  /** Gives the threads what they can take. */
  async #feed(volume: number): Promise<void> {
    const pool = this.#pool;
    if (pool === null) return;
    const end = Math.min(this.#input.last, volume + mostAhead);
    const check = async (bytes: Uint8Array): Promise<CleanVolume | null> => {
      const packed = await pool.check(bytes);
      return packed && { ...unpacked(packed, this.#input.files), hash: packed.hash };
    };
    for (let next = volume + 1, { room } = pool; next <= end && room > 0; next++) {
      if (this.#taken.has(next)) continue;
      room--;
      await this.#take(next, check, true).handed;
    }
  }

  #take(
    volume: number,
    check: (bytes: Uint8Array) => Promise<CleanVolume | null> | null,
    isByThread = false,
  ): Taken {
    const { set, last } = this.#input;
    const read = async (): Promise<Uint8Array | null> =>
      volume === last ? set.open : await set.volume(volume);
    const reading = this.#reading.then(read);
    this.#reading = reading.catch(() => undefined);
    const fetched = reading.then(async (bytes) => bytes && { bytes, clean: await check(bytes) });
    const handed = this.#reading.then(() => undefined);
    const taken: Taken = { handed, fetched, isByThread, isReady: false };
    // Whoever reads this volume is told; one before it may end everything earlier.
    const ready = (): void => {
      taken.isReady = true;
    };
    fetched.then(ready, ready);
    this.#taken.set(volume, taken);
    return taken;
  }

  async #cleanHere(bytes: Uint8Array): Promise<CleanVolume | null> {
    const file = await this.#file(bytes, { alone: true });
    return file.findings.length === 0 ? this.#slim(file, sha256Hex(bytes)) : null;
  }

  async #readHere(bytes: Uint8Array, ground: Ground | null): Promise<ReadVolume> {
    const file = await this.#file(bytes, { ground });
    const { hash, release, ...rows } = this.#slim(file, sha256Hex(bytes));
    return { bytes, hash, file: { ...file, ...rows }, release };
  }

  async #file(
    bytes: Uint8Array,
    how: { readonly alone: true } | { readonly ground: Ground | null },
  ): Promise<LedgerFile> {
    const { wasm, watch } = this.#input.context;
    return await readLedgerFile(bytes, {
      wasm,
      full: true,
      watch: { watch, what: 'verify' },
      ...how,
    });
  }

  #slim({ ledger, start, events, attachments }: LedgerFile, hash: string): CleanVolume {
    const { files } = this.#input;
    const contents = contentsInFiles(attachments.contents, files);
    return {
      ledger,
      start,
      hash,
      ...slimmed(events, files),
      attachments: { ...attachments, contents },
    };
  }

  async #watched<T>(work: Promise<T>, done: number): Promise<T> {
    const { watch } = this.#input.context;
    if (watch === undefined || this.#pool === null) return await work;
    return await new Promise<T>((resolve, reject) => {
      const timer = setInterval(() => {
        try {
          report(watch, { what: 'verify', done, total: null });
        } catch (error) {
          clearInterval(timer);
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      }, watchPause);
      work.then(resolve, reject).finally(() => clearInterval(timer));
    });
  }
}

const none: ReadonlySet<never> = new Set();

function judged(
  { ledger, start, events, attachments }: CleanVolume,
  ground: Ground | null,
): ReadVolume['file'] {
  const rows = { ledger, start, events, attachments };
  if (start.size > 0 && ground?.size !== start.size) return { ...rows, findings: [], missing: [] };
  const read = { events, broken: none, bodyless: none };
  return { ...rows, ...checkBehind(read, attachments, start.size === 0 ? null : ground) };
}
