import type { Hostile } from './hostileRows.js';

const page = 4096;

type Change = (bytes: Buffer) => Buffer;

const edited =
  (edit: (copy: Buffer) => void): Change =>
  (bytes) => {
    const copy = Buffer.from(bytes);
    edit(copy);
    return copy;
  };

const patched = (at: number, ...values: number[]): Change => edited((copy) => copy.set(values, at));

/** Pages that begin a b-tree, but for the first page of the file. */
const pagesOf = (bytes: Buffer, ...kinds: number[]): number[] =>
  Array.from({ length: bytes.length / page }, (_, i) => i * page).filter(
    (at) => at > 0 && kinds.includes(bytes[at]!),
  );

const leaf = 13;
const inner = 5;

/** Every page of rows, with an edit. */
const leaves = (edit: (copy: Buffer, at: number) => void): Change =>
  edited((copy) => {
    for (const at of pagesOf(copy, leaf)) edit(copy, at);
  });

const cellOf = (copy: Buffer, at: number): number => at + copy.readUInt16BE(at + 8);

/** Pages that continue a long row begin with the number of the next one. */
const overflowPages = (bytes: Buffer): number[] => pagesOf(bytes, 0);

/** Changes of an SQLite file that has rows over several pages, of which most break its structure. */
export const hostileBytes: readonly Hostile[] = [
  { name: '0 bytes', apply: () => Buffer.alloc(0), expect: 'ledger.damaged' },
  { name: '1 byte', apply: () => Buffer.from('S'), expect: 'ledger.damaged' },
  { name: 'the header only', apply: (b) => b.subarray(0, 100), expect: 'ledger.damaged' },
  { name: 'the magic and zeros', expect: 'file.schema', apply: edited((c) => c.fill(0, 16)) },
  { name: 'one page', apply: (b) => b.subarray(0, page), expect: 'ledger.damaged' },
  { name: 'zeros', apply: (b) => Buffer.alloc(b.length), expect: 'ledger.damaged' },
  { name: 'another magic', apply: patched(3, 0x20), expect: 'file.differs' },
  { name: 'page size 512', apply: patched(16, 2, 0), expect: 'file.differs' },
  { name: 'page size 65,536', apply: patched(16, 0, 1), expect: 'file.differs' },
  { name: 'page size 3', apply: patched(16, 0, 3), expect: 'file.differs' },
  { name: '4 billion pages', apply: patched(28, 255, 255, 255, 255), expect: 'ledger.damaged' },
  {
    name: 'a freelist that runs in a circle',
    expect: 'file.differs',
    apply: edited((copy) => {
      const last = copy.length / page;
      copy.writeUInt32BE(last, 32);
      copy.writeUInt32BE(0xffff, 36);
      copy.writeUInt32BE(last, copy.length - page);
    }),
  },
  { name: 'pages that run in a circle', apply: edited(circle), expect: 'event.' },
  {
    name: 'every inner page names itself',
    expect: 'event.unreadable',
    apply: edited((copy) => {
      for (const at of pagesOf(copy, inner)) {
        copy.writeUInt32BE(at / page + 1, at + 8);
        copy.writeUInt32BE(at / page + 1, cellOfInner(copy, at));
      }
    }),
  },
  {
    name: 'overflow pages that name themselves',
    expect: 'event.',
    apply: edited((copy) => {
      const pages = overflowPages(copy);
      if (pages.length < 10) throw new Error('there is no long row');
      for (const at of pages) copy.writeUInt32BE(at / page + 1, at);
    }),
  },
  {
    name: 'overflow pages behind the end',
    expect: 'event.',
    apply: edited((copy) => {
      for (const at of overflowPages(copy)) copy.writeUInt32BE(0x7fffffff, at);
    }),
  },
  {
    name: 'cells outside of their page',
    expect: 'event.unreadable',
    apply: leaves((copy, at) => copy.writeUInt16BE(0xffff, at + 8)),
  },
  {
    name: 'cells that all are the same',
    expect: 'event.',
    apply: leaves((copy, at) => {
      const first = copy.readUInt16BE(at + 8);
      for (let i = 0; i < copy.readUInt16BE(at + 3); i++) copy.writeUInt16BE(first, at + 8 + 2 * i);
    }),
  },
  {
    name: '65,535 cells in a page',
    expect: 'event.unreadable',
    apply: leaves((copy, at) => copy.writeUInt16BE(0xffff, at + 3)),
  },
  {
    name: 'rows that claim 1 GB',
    expect: 'event.',
    apply: leaves((copy, at) => copy.set([0x84, 0x80, 0x80, 0x80, 0], cellOf(copy, at))),
  },
  {
    name: 'rows that claim 2^63 bytes',
    expect: 'event.',
    apply: leaves((copy, at) => copy.fill(0xff, cellOf(copy, at), cellOf(copy, at) + 9)),
  },
  {
    name: 'columns of types that there are not',
    expect: 'event.',
    apply: leaves((copy, at) => copy.fill(11, cellOf(copy, at) + 4, cellOf(copy, at) + 9)),
  },
  { name: 'noise behind the first page', apply: edited(noise), expect: 'event.unreadable' },
];

/** The root of the events becomes the page below itself. */
function circle(copy: Buffer): void {
  copy.fill(0, page, 2 * page);
  copy.set([inner, 0, 0, 0, 1, 0x0f, 0xf0, 0, 0, 0, 0, 2, 0x0f, 0xf0], page);
  copy.set([0, 0, 0, 2, 5], page + 0xff0);
}

const cellOfInner = (copy: Buffer, at: number): number => at + copy.readUInt16BE(at + 12);

function noise(copy: Buffer): void {
  for (let at = page, value = 1; at < copy.length; at++) {
    value = (value * 1103515245 + 12345) % 2 ** 31;
    copy[at] = value >> 16;
  }
}
