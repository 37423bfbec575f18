import { deflateRawSync } from 'node:zlib';
import type { JsonValue } from '../../src/core/canonicalJson.js';
import { digestOf, sha256 } from '../../src/core/hash.js';
import {
  bodyOf,
  canonical,
  headerOf,
  idOf,
  put,
  readTables,
  writeTables,
  type EventCells,
  type Loose,
  type Tables,
} from './tamperTables.js';

/** A ledger file that is made to crash, freeze or fill whoever reads it. */
export interface Hostile {
  readonly name: string;
  readonly apply: (bytes: Buffer) => Buffer | Promise<Buffer>;
  /** What the code of a finding or an error begins with; null where the file breaks no rule. */
  readonly expect: string | null;
}

const rows = (name: string, expect: string | null, change: (t: Tables) => void): Hostile => ({
  name,
  expect,
  apply: async (bytes) => {
    const tables = await readTables(bytes);
    change(tables);
    return await writeTables(bytes, tables);
  },
});

const last = (tables: Tables): EventCells => tables.events.at(-1)!;
const hex = (n: number): string => n.toString(16).padStart(32, '0');
const many = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const fill = <T>(target: T[], count: number, make: (i: number) => T): void => {
  for (let i = 0; i < count; i++) target.push(make(i));
};

interface Made {
  readonly header?: Loose;
  readonly refs?: Loose;
  readonly type?: string;
  readonly body?: Loose;
  readonly prompt?: string;
}

/** The first event and `count` behind it, whose ids and digests are right. */
function chain(tables: Tables, count: number, make: (i: number, parent: string) => Made): void {
  const [first] = tables.events as [EventCells];
  const [frame, common] = [headerOf(first), bodyOf(first)];
  Object.assign(tables, { events: [first], contents: [], signatures: [] });
  for (let i = 0, parent = idOf(first); i < count; i++, parent = idOf(last(tables))) {
    const { header = {}, refs = {}, type = 'recorder.paused', body, prompt } = make(i, parent);
    const own = type === 'recorder.paused' ? { reason: 'x' } : {};
    const text = canonical({ ...common, ...own, ...body });
    const row: EventCells = { seq: i + 2, id: new Uint8Array(), header: null, body: text };
    const named = prompt === undefined ? {} : { prompt };
    const base = { ...frame, n: Number(frame['n']) + i + 1, parents: [parent], refs, type };
    put(row, { ...base, ...named, ...header, body: digestOf(text) });
    tables.events.push(row);
  }
}

const chained = (
  name: string,
  expect: string | null,
  count: number,
  make: (i: number, parent: string) => Made,
): Hostile => rows(name, expect, (tables) => chain(tables, count, make));

const policy = (name: string, text: string, signers: string | null = null): Hostile =>
  rows(`a policy ${name}`, 'signature.', (tables) => {
    let signed = '';
    const signature = Buffer.from('no signature');
    chain(tables, 2, (i, parent) => {
      signed ||= parent;
      const files = { policy: text, allowedSigners: signers, mailmap: null, codeowners: null };
      return i === 0
        ? {
            type: 'policy.adopted',
            refs: { policy: digestOf(text) },
            body: { ...files, source: 'working-tree', commit: null },
          }
        : { type: 'signature.attached', refs: { event: signed, signature: digestOf(signature) } };
    });
    tables.signatures = [
      { keys: [Buffer.from(signed, 'hex'), sha256(signature)], bytes: signature },
    ];
  });

/** A body text of the last event; its digest and the id follow. */
const body = (name: string, text: (body: Loose) => string): Hostile =>
  rows(name, 'event.', (t) => put(last(t), headerOf(last(t)), text(bodyOf(last(t)))));

const parents = (name: string, count: number): Hostile =>
  rows(name, 'event.header', (t) => {
    const ids = many(count, (i) => hex(i).repeat(2)).sort();
    put(last(t), { ...headerOf(last(t)), parents: ids });
  });

/** Deflated zeros under a digest of something else. */
const bomb = (i: number, bytes: number) => ({
  keys: [sha256(String(i))],
  encoding: 'deflate',
  bytes: zeros(bytes),
});
const deflated = new Map<number, Buffer>();
function zeros(bytes: number): Buffer {
  const known = deflated.get(bytes) ?? deflateRawSync(Buffer.alloc(bytes));
  deflated.set(bytes, known);
  return known;
}

const nested = (levels: number): string => `${'['.repeat(levels)}${']'.repeat(levels)}`;
const digest = digestOf('t');

export const hostileRows: readonly Hostile[] = [
  rows('a negative row id', 'event.order', (t) => (t.events[3]!.seq = -5)),
  rows('row id 2^63-1', 'event.missing', (t) => (last(t).seq = '9223372036854775807')),
  rows('row id -2^63', 'event.order', (t) => (last(t).seq = '-9223372036854775808')),
  rows('a header that is a blob', 'event.header', (t) => {
    last(t).header = Buffer.from(last(t).header as string);
  }),
  rows('a body that is a blob', 'event.body', (t) => {
    last(t).body = Buffer.from(last(t).body as string);
  }),
  rows('NUL in a header', 'event.header', (t) => put(last(t), `${last(t).header as string}\0x`)),
  rows('a header of 16 KB and a byte', 'event.header', (t) => {
    const size = (padding: string): string =>
      canonical({ ...headerOf(last(t)), v: 3, zzz: padding });
    put(last(t), size('x'.repeat(16 * 1024 + 1 - size('').length)));
  }),
  body('a body of 1 MB and a byte', (b) => {
    const size = (padding: string): string => canonical({ ...b, zzz: padding });
    return size('x'.repeat(1024 * 1024 + 1 - size('').length));
  }),
  parents('65 parents', 65),
  parents('10,000 parents', 10_000),
  rows('parents that run in a circle', 'event.header', (t) => {
    const [a, b] = [t.events.at(-2)!, last(t)];
    put(a, { ...headerOf(a), parents: [idOf(b)] }, undefined, true);
    put(b, { ...headerOf(b), parents: [idOf(a)] }, undefined, true);
  }),
  body('JSON nested 100,000 deep', () => nested(100_000)),
  body(
    'JSON of 100,000 members',
    () => `{${many(70_000, (i) => `"k${String(i).padStart(6, '0')}":1`).join(',')}}`,
  ),
  ...['1e400', '-0', '1.0', '1e2', '9007199254740993', '"\\ud800"', '"\\u0000"', '"\\udc00x"'].map(
    (value) =>
      body(`the value ${value}`, (b) => canonical({ ...b, zzz: 7 }).replace(':7', `:${value}`)),
  ),
  body('duplicate members', (b) => canonical(b).replace('{', '{"salt":1,')),
  body('a byte order mark', (b) => `\ufeff${canonical(b)}`),
  body('the member __proto__', () => '{"__proto__":{"salt":"x"}}'),
  rows('a text that is deflated 64 MB and a byte', 'content.damaged', (t) => {
    t.contents.push(bomb(0, 64 * 1024 * 1024 + 1));
  }),
  rows('100 texts of 60 MB each', 'content.damaged', (t) =>
    fill(t.contents, 100, (i) => bomb(i, 60_000_000)),
  ),
  rows('a text of nothing', 'content.damaged', (t) => {
    t.contents.push({ keys: [sha256('x')], encoding: 'deflate', bytes: Buffer.alloc(0) });
  }),
  rows('a signature of 16 KB and a byte', 'signature.damaged', (t) => {
    const bytes = Buffer.alloc(16 * 1024 + 1);
    t.signatures.push({ keys: [t.events[0]!.id, sha256(bytes)], bytes });
  }),
  rows('20,000 small rows in meta', 'file.meta', (t) =>
    fill(t.meta, 20_000, (): [string, string] => ['x', 'y']),
  ),
  rows('20,000 empty texts', 'content.damaged', (t) =>
    fill(t.contents, 20_000, () => ({
      keys: [new Uint8Array()],
      encoding: 'x',
      bytes: new Uint8Array(),
    })),
  ),
  rows('130,000 empty signatures', 'signature.damaged', (t) =>
    fill(t.signatures, 130_000, () => ({
      keys: [new Uint8Array(32), new Uint8Array(32)],
      bytes: new Uint8Array(),
    })),
  ),
  rows('130,000 broken events', 'event.header', (t) =>
    fill(t.events, 130_000, (i) => ({
      seq: 100 + i,
      id: new Uint8Array(32),
      header: 'x',
      body: 'y',
    })),
  ),
  rows('texts that are broken, with many events', 'content.damaged', (t) => {
    chain(t, 5000, () => ({}));
    fill(t.contents, 5000, (i) => ({
      keys: [sha256(String(i))],
      encoding: 'identity',
      bytes: new Uint8Array(),
    }));
  }),
  rows('a summary and a beginning of 4 MB', 'file.meta', (t) => {
    const before = `{"a":[${'1,'.repeat(2_000_000)}1]}`;
    const values = ['1', hex(1), '2', '2', before, 'x'.repeat(4_000_000)];
    const names = ['format', 'ledger', 'first_seq', 'volume', 'before', 'summary'];
    t.meta = names.map((name, i): [string, string] => [name, values[i]!]);
  }),
  rows('volume 999,999 of a ledger that has no other', 'volume.missing', (t) => {
    const root = hex(5).repeat(2);
    const before: JsonValue = {
      frontier: [root],
      heads: [hex(1).repeat(2)],
      root,
      size: 1,
      summary: digestOf('x'),
      writers: {},
    };
    t.meta = [
      ['format', '1'],
      ['ledger', hex(1)],
      ['first_seq', '2'],
      ['volume', '999999'],
      ['before', canonical(before)],
      ['summary', 'x'],
    ];
  }),
  chained('10,000 roots', 'root.extra', 10_000, (i) => ({
    header: { parents: [], writer: hex(i + 7), n: 1 },
  })),
  rows('two chains of 5,000 that never saw each other, event by event', 'ledger.tooLarge', (t) => {
    const ids: string[] = [];
    chain(t, 11_000, (i, parent) => {
      ids.push(parent);
      const writer = hex((i % 2) + 7);
      return { header: { parents: [ids[Math.max(0, i - 1)]!], writer, n: Math.floor(i / 2) + 1 } };
    });
  }),
  chained('5,000 events with one number', 'writer.fork', 5000, () => ({ header: { n: 1 } })),
  chained('10,000 prompts', null, 10_000, (i) => ({
    type: 'prompt.registered',
    prompt: hex(i + 9),
    body: { path: `p${i}`, format: 'x' },
  })),
  chained('10,000 versions of one prompt', 'reference.wrong', 10_000, (i, parent) =>
    i === 0
      ? { type: 'prompt.registered', prompt: hex(9), body: { path: 'p', format: 'x' } }
      : {
          type: 'version.proposed',
          prompt: hex(9),
          refs: { digest, revision: parent, number: i },
          body: { path: 'p', note: '' },
        },
  ),
  chained(
    '10,000 names for one signature that is not there',
    'signature.',
    10_000,
    (_, parent) => ({
      type: 'signature.attached',
      refs: { event: parent, signature: digest },
    }),
  ),
  policy('nested 300,000 deep', nested(300_000)),
  policy('with 60,000 mistakes', `{${many(60_000, (i) => `"k${i}":1`).join(',\n')}}`),
  policy('that is no JSON 200,000 times', `[${'x,'.repeat(200_000)}`),
  policy('with 200,000 comments', '//\n'.repeat(200_000)),
  policy(
    'with globs that explode',
    canonical({
      version: 1,
      environments: { a: {} },
      prompts: { include: many(3000, (i) => `${'*a'.repeat(15)}${i}`) },
    }),
  ),
  policy('with 30,000 signers', '{}', `${'*a'.repeat(10)}b ssh-ed25519 AAAA\n`.repeat(20_000)),
  policy('with options that explode', '{}', `* namespaces="${'\\"'.repeat(200_000)}`),
];
