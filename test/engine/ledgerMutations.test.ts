import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseCheckpoint } from '../../src/core/checkpoint.js';
import { isPromptAuditError } from '../../src/core/errors.js';
import { decodeContent } from '../../src/ledger/contentCodec.js';
import { firstError } from '../../src/ledger/findings.js';
import type { LedgerMemory } from '../../src/ledger/memory.js';
import { storeContext } from '../../src/ledger/storeOptions.js';
import { verifyVolumes } from '../../src/ledger/verifyVolumes.js';
import { share } from '../tools/faults/share.js';
import { projectRoot } from '../tools/paths.js';

/** The files of a ledger: sealed volumes by number, the open one last. */
type Files = readonly Buffer[];

const page = 4096;
const folder = join(projectRoot, 'test', 'golden');
const folders = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => join(folder, name));
const places = [folder, ...folders].filter((one) => existsSync(join(one, 'ledger.sqlite')));
const cases = share(5200);

const filesIn = (place: string): Files =>
  [...readdirSync(place).filter((name) => /^\d{6}\.sqlite$/.test(name)), 'ledger.sqlite'].map(
    (name) => readFileSync(join(place, name)),
  );

const context = storeContext({
  file: join(folder, 'nowhere', 'ledger.sqlite'),
  privateDir: join(folder, 'nowhere', 'private'),
  trimAfterFold: false,
  readRef: () => Promise.resolve(null),
  tool: 'test',
});

/** What a reader takes from files with no error in them; undefined where anything is found. */
async function takenFrom(files: Files, checkpoint: string): Promise<unknown> {
  const volume = (n: number): Promise<Uint8Array | null> => Promise.resolve(files[n - 1] ?? null);
  const set = { open: files.at(-1)!, volume, isOnDisk: false };
  try {
    const { findings, memory } = await verifyVolumes(context, set, { bundle: null });
    if (firstError(findings) !== undefined || memory === null) return undefined;
    // The newest events can be cut off so that only a checkpoint shows it.
    const { size, root } = parseCheckpoint(checkpoint)!;
    if (memory.size < size || memory.rootAt(size) !== root) return undefined;
    return await contentsOf(memory);
  } catch (error) {
    if (isPromptAuditError(error)) return undefined;
    throw error;
  }
}

/** Every event, text and signature, byte for byte. */
async function contentsOf(memory: LedgerMemory): Promise<unknown> {
  const taken: unknown[] = [];
  for (let seq = 1; seq <= memory.size; seq++) {
    const event = memory.state.event(seq);
    taken.push([event.id, event.headerText, event.bodyText]);
    if (!event.known) continue;
    if (event.type === 'version.proposed') {
      const content = memory.content(event.header.refs.digest);
      const bytes = content && (await decodeContent(content));
      taken.push(bytes && Buffer.from(bytes).toString('base64'));
    } else if (event.type === 'signature.attached') {
      const signature = memory.signature(event.header.refs.signature);
      taken.push(signature && Buffer.from(signature.bytes).toString('base64'));
    }
  }
  return taken;
}

interface Mutation {
  readonly how: (typeof ways)[number];
  readonly at: number;
  readonly to: number;
  readonly length: number;
  readonly byte: number;
}

const ways = [
  'flip a bit',
  'overwrite',
  'repeat a byte',
  'delete',
  'insert',
  'swap pages',
  'copy a page',
  'cut off',
  'append',
  'a page of another ledger',
] as const;

function mutated(bytes: Buffer, other: Buffer, { how, at: a, to, length, byte }: Mutation): Buffer {
  const copy = Buffer.from(bytes);
  const at = a % copy.length;
  const [from, into] = [at - (at % page), to % copy.length];
  const target = into - (into % page);
  switch (how) {
    case 'flip a bit':
      copy[at] = copy[at]! ^ (1 << (byte % 8));
      return copy;
    case 'overwrite':
      other.copy(copy, at, 0, length);
      return copy;
    case 'repeat a byte':
      return copy.fill(byte, at, Math.min(at + length, copy.length));
    case 'delete':
      return Buffer.concat([copy.subarray(0, at), copy.subarray(at + length)]);
    case 'insert':
      return Buffer.concat([copy.subarray(0, at), Buffer.alloc(length, byte), copy.subarray(at)]);
    case 'swap pages':
      bytes.copy(copy, from, target, target + page);
      bytes.copy(copy, target, from, from + page);
      return copy;
    case 'copy a page':
      bytes.copy(copy, target, from, from + page);
      return copy;
    case 'cut off':
      return copy.subarray(0, at);
    case 'append':
      return Buffer.concat([copy, Buffer.alloc(length, byte)]);
    case 'a page of another ledger': {
      const source = to % other.length;
      other.copy(copy, from, source - (source % page), source - (source % page) + page);
      return copy;
    }
  }
}

const mutation = fc.record({
  how: fc.constantFrom(...ways),
  at: fc.nat(),
  to: fc.nat(),
  length: fc.integer({ min: 1, max: 600 }),
  byte: fc.nat(255),
});

describe('any mutation of any byte of a ledger', function () {
  this.timeout(600_000);

  for (const [i, place] of places.entries()) {
    it(`is found or changes no event: ${place.slice(folder.length - 'golden'.length)}`, async () => {
      const files = filesIn(place);
      const checkpoint = readFileSync(join(place, 'checkpoint'), 'utf8');
      const other = filesIn(places[(i + 1) % places.length]!).at(-1)!;
      const original = await takenFrom(files, checkpoint);
      assert.ok(original !== undefined);
      const seen = { found: 0, same: 0 };
      await fc.assert(
        fc.asyncProperty(
          fc.nat(files.length - 1),
          fc.array(mutation, { minLength: 1, maxLength: 2 }),
          async (which, mutations) => {
            const copy = [...files];
            copy[which] = mutations.reduce(
              (b, m) => (b.length > 0 ? mutated(b, other, m) : b),
              copy[which]!,
            );
            const taken = await takenFrom(copy, checkpoint);
            if (taken !== undefined) assert.deepEqual(taken, original);
            seen[taken === undefined ? 'found' : 'same']++;
          },
        ),
        { seed: 20261121 + i, numRuns: cases },
      );
      // Both happen, so the test can tell them apart.
      assert.ok(seen.found > cases / 4 && seen.same > 3, JSON.stringify(seen));
    });
  }
});
