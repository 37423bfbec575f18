import { deflateRawSync } from 'node:zlib';
import { sha256 } from '../../src/core/hash.js';
import type { Tampering } from './tamperBytes.js';
import {
  canonical,
  readTables,
  writeTables,
  type BlobRow,
  type EventCells,
  type Loose,
  type Tables,
} from './tamperTables.js';

/** A tampering with the rows of a file. */
export const rows = (name: string, change: (tables: Tables) => void): Tampering => ({
  name,
  apply: async (bytes) => {
    const tables = await readTables(bytes);
    change(tables);
    return await writeTables(bytes, tables);
  },
});

export const at = (tables: Tables, place: number): EventCells => tables.events.at(place)!;

/** The first text of a file; one that nobody names where it has none. */
function content({ contents }: Tables): BlobRow {
  if (contents.length === 0)
    contents.push({ keys: [sha256('x')], encoding: 'identity', bytes: Buffer.from('x') });
  return contents[0]!;
}

const random = (n: number): Buffer => sha256(`row ${n}`);

/** Contents, signatures, meta, and the cells of events; nothing is recomputed. */
export const rowTamperings: readonly Tampering[] = [
  rows('nothing at all', () => undefined),
  rows('an event dropped', (t) => void t.events.splice(4, 1)),
  rows('three events dropped', (t) => void t.events.splice(3, 3)),
  rows('the first event dropped', (t) => void t.events.shift()),
  rows('the last event dropped', (t) => void t.events.pop()),
  rows('the last events dropped and closed up', (t) => void t.events.splice(-5)),
  rows('an event dropped and closed up', (t) => {
    t.events.splice(4, 1);
    for (const row of t.events.slice(4)) row.seq = Number(row.seq) - 1;
  }),
  rows('an event at the end twice', (t) => {
    t.events.push({ ...at(t, 4), seq: Number(at(t, -1).seq) + 1 });
  }),
  rows('two events swapped', (t) => {
    const [a, b] = [at(t, 4), at(t, 5)];
    [a.seq, b.seq] = [b.seq, a.seq];
  }),
  rows('an event with a huge seq', (t) => (at(t, -1).seq = '9223372036854775807')),
  rows('an event far behind', (t) => (at(t, -1).seq = 1_000_000)),
  rows('an event at seq 0', (t) => void t.events.push({ ...at(t, 2), seq: 0 })),
  {
    name: 'rows that a search by seq passes by',
    apply: async (bytes: Buffer): Promise<Buffer> => {
      const tables = await readTables(bytes);
      // Small rows, so that they stand in one page with the first events, and the search begins among them.
      const cells = { id: random(1), header: 'x', body: null };
      const seqs = Array.from({ length: 40 }, (_, i) => i - 39);
      tables.events.push(...[-300, ...seqs].map((seq) => ({ ...cells, seq })));
      const file = await writeTables(bytes, tables);
      // The first of them becomes row 2000: nothing that is sorted begins with it.
      const [from, to] = [Buffer.from('fffffffffffffffed4', 'hex'), '8080808080808087d0'];
      // It stands in the page twice: once where SQLite left it behind when the table grew.
      for (let place = file.indexOf(from); place >= 0; place = file.indexOf(from, place))
        file.write(to, place, 'hex');
      return file;
    },
  },
  rows('an event at a negative seq', (t) => void t.events.push({ ...at(t, 2), seq: -3 })),
  rows('another id', (t) => (at(t, 4).id = random(4))),
  rows('a short id', (t) => (at(t, 4).id = at(t, 4).id.subarray(0, 16))),
  rows('ids swapped', (t) => ([at(t, 4).id, at(t, 5).id] = [at(t, 5).id, at(t, 4).id])),
  rows('a header as a blob', (t) => (at(t, 4).header = Buffer.from(at(t, 4).header as string))),
  rows('an empty header', (t) => (at(t, 4).header = '')),
  rows('a header with NUL behind it', (t) => (at(t, 4).header = `${at(t, 4).header as string}\0`)),
  rows('a body as a blob', (t) => (at(t, 4).body = Buffer.from(at(t, 4).body as string))),
  rows('a number as a body', (t) => (at(t, 4).body = 7)),
  rows('an empty body', (t) => (at(t, 4).body = '')),
  rows('a body with NUL behind it', (t) => (at(t, 4).body = `${at(t, 4).body as string}\0`)),
  rows('bodies swapped', (t) => ([at(t, 4).body, at(t, 5).body] = [at(t, 5).body, at(t, 4).body])),
  rows('a body removed', (t) => (at(t, 4).body = null)),
  rows('all bodies removed', (t) => t.events.forEach((row) => (row.body = null))),
  rows('a text removed', (t) => void t.contents.shift()),
  rows('all texts removed', (t) => void (t.contents = [])),
  rows('a text changed', (t) => (content(t).bytes = Buffer.from('Be rude.\n'))),
  rows('a text under another digest', (t) => (content(t).keys = [random(1)])),
  rows('a text twice', (t) => void t.contents.push({ ...content(t) })),
  rows('a text that nobody names', (t) => {
    t.contents.push({ keys: [sha256('x')], encoding: 'identity', bytes: Buffer.from('x') });
  }),
  rows('another encoding', (t) => (content(t).encoding = 'gzip')),
  rows('an encoding with NUL', (t) => (content(t).encoding = 'identity\0more')),
  rows('an encoding as a blob', (t) => (content(t).encoding = Buffer.from('identity'))),
  rows('a short digest of a text', (t) => (content(t).keys = [random(1).subarray(1)])),
  rows('a text deflated', (t) => deflate(t, (bytes) => bytes)),
  rows('bytes behind a deflated text', (t) =>
    deflate(t, (bytes) => Buffer.concat([bytes, Buffer.from('more')])),
  ),
  rows('a deflated text that is cut', (t) => deflate(t, (bytes) => bytes.subarray(0, -2))),
  rows('a zip bomb', (t) => {
    content(t).encoding = 'deflate';
    content(t).bytes = deflateRawSync(Buffer.alloc(70_000_000));
  }),
  rows('a text that is longer than texts may be', (t) => {
    const zeros = Buffer.alloc(64 * 1024 * 1024 + 1);
    t.contents.push({ keys: [sha256(zeros)], encoding: 'deflate', bytes: deflateRawSync(zeros) });
  }),
  rows('zeros as deflate', (t) => {
    content(t).encoding = 'deflate';
    content(t).bytes = Buffer.alloc(100_000);
  }),
  rows('a signature added', (t) => {
    const bytes = Buffer.from('no signature');
    t.signatures.push({ keys: [at(t, 4).id, sha256(bytes)], bytes });
  }),
  rows('a signature of nothing', (t) => {
    t.signatures.push({ keys: [random(7), sha256('')], bytes: Buffer.alloc(0) });
  }),
  rows('a signature under another digest', (t) => {
    t.signatures.push({ keys: [at(t, 4).id, random(6)], bytes: Buffer.from('no signature') });
  }),
  rows('a huge signature', (t) => {
    const bytes = Buffer.alloc(20_000, 65);
    t.signatures.push({ keys: [at(t, 4).id, sha256(bytes)], bytes });
  }),
  rows('signatures removed', (t) => void (t.signatures = [])),
  rows('signatures moved to another event', (t) => {
    for (const row of t.signatures) row.keys[0] = at(t, 1).id;
  }),
  rows('signatures changed', (t) => {
    for (const row of t.signatures) row.bytes = Buffer.from(row.bytes).fill(65, 2, 6);
  }),
  rows('no meta', (t) => void (t.meta = [])),
  rows('meta twice', (t) => void t.meta.push(...t.meta)),
  rows('meta in another order', (t) => void t.meta.reverse()),
  rows('one row more in meta', (t) => void t.meta.push(['more', 'x'])),
  rows('another ledger in meta', (t) => (t.meta[1]![1] = '0'.repeat(32))),
  rows('no id in meta', (t) => (t.meta[1]![1] = 'x')),
  rows('NUL in meta', (t) => (t.meta[1]![1] = `${t.meta[1]![1] as string}\0more`)),
  rows('a blob in meta', (t) => (t.meta[1]![1] = Buffer.from(t.meta[1]![1] as string))),
  rows('another format', (t) => (t.meta[0]![1] = '2')),
  rows('no format', (t) => (t.meta[0]![1] = '01')),
  rows('another first_seq', (t) => (t.meta[2]![1] = '5')),
  ...['\0', '\ufeff'].flatMap((more) =>
    [0, 1, 2, 3, 4, 5].map((at) =>
      rows(`${JSON.stringify(more)} behind the value of row ${at} of meta`, (t) => {
        if (t.meta[at]) t.meta[at][1] = `${t.meta[at][1] as string}${more}`;
      }),
    ),
  ),
  rows('a byte order mark in meta', (t) => (t.meta[0]![1] = '\ufeff1')),
  rows('a byte order mark in a name of meta', (t) => (t.meta[1]![0] = '\ufeffledger')),
  rows('NUL in a name of meta', (t) => (t.meta[1]![0] = 'ledger\0')),
  rows('a byte order mark before "before"', (t) => {
    if (t.meta[4]) t.meta[4][1] = `\ufeff${t.meta[4][1] as string}`;
  }),
  rows('meta that is no UTF-8', (t) => (t.meta[1]![1] = Buffer.from([0xff, 0x61]))),
  rows('a byte order mark in an encoding', (t) => (content(t).encoding = '\ufeffidentity')),
  before('another member', (b) => (b['more'] = 1)),
  before('a member less', (b) => delete b['root']),
  before('the first head twice', (b) => (b['heads'] = [heads(b)[0]!, ...heads(b)])),
  before('heads in another order', (b) => (b['heads'] = [...heads(b), '0'.repeat(64)])),
  before('no heads', (b) => (b['heads'] = [])),
  before('another head', (b) => (b['heads'] = ['0'.repeat(64), ...heads(b)])),
  before('heads as an object', (b) => (b['heads'] = { ...heads(b) })),
  before('a writer with another member', (b) => {
    for (const one of Object.values(b['writers'] as Record<string, Loose>)) one['more'] = 1;
  }),
  before('a writer without its number', (b) => {
    for (const one of Object.values(b['writers'] as Record<string, Loose>)) delete one['n'];
  }),
  before('a writer of another name', (b) => (b['writers'] = { x: { last: heads(b)[0]!, n: 1 } })),
  before('no writers', (b) => (b['writers'] = {})),
  before('a list of writers', (b) => (b['writers'] = [])),
  before('no writers at all', (b) => (b['writers'] = null)),
  before('a size of 0', (b) => (b['size'] = 0)),
  before('a size as a text', (b) => (b['size'] = '1')),
  before('another size', (b) => (b['size'] = (b['size'] as number) + 1)),
  before('another root', (b) => (b['root'] = '0'.repeat(64))),
  before('no frontier', (b) => (b['frontier'] = [])),
  before('the digest of another summary', (b) => (b['summary'] = `sha256:${'0'.repeat(64)}`)),
  rows('white space in "before"', (t) => {
    if (t.meta[4]) t.meta[4][1] = (t.meta[4][1] as string).replace(':', ': ');
  }),
  rows('a list as "before"', (t) => {
    if (t.meta[4]) t.meta[4][1] = '[]';
  }),
  rows('another summary', (t) => {
    if (t.meta[5]) t.meta[5][1] = '{}';
  }),
  rows('another number of the volume', (t) => {
    if (t.meta[3]) t.meta[3][1] = '2';
  }),
];

/** A tampering with what a later volume says of those before it; the first volume stays as it is. */
function before(what: string, change: (value: Loose) => void): Tampering {
  return rows(`"before" with ${what}`, ({ meta }) => {
    if (meta[4] === undefined) return;
    const value = JSON.parse(meta[4][1] as string) as Loose;
    change(value);
    meta[4][1] = canonical(value);
  });
}

function heads(value: Loose): string[] {
  return value['heads'] as string[];
}

function deflate(tables: Tables, change: (bytes: Buffer) => Buffer): void {
  const row = content(tables);
  if (row.encoding !== 'identity') return;
  row.encoding = 'deflate';
  row.bytes = change(deflateRawSync(row.bytes));
}
