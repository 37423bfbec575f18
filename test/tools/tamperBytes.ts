/** One way to change a ledger file. */
export interface Tampering {
  readonly name: string;
  readonly apply: (bytes: Buffer) => Buffer | Promise<Buffer>;
  /** Pages are damaged: what else of them can be read is up to the reader, only that they are broken is not. */
  readonly damagesPages?: true;
}

const page = 4096;

const patched = (at: number, ...values: number[]): ((bytes: Buffer) => Buffer) => {
  return (bytes) => {
    const copy = Buffer.from(bytes);
    copy.set(values, at);
    return copy;
  };
};

/** The first place of a text in a file, with the text in other bytes. */
const replaced =
  (from: RegExp, to: string): ((bytes: Buffer) => Buffer) =>
  (bytes) => {
    const text = bytes.toString('latin1');
    if (!from.test(text)) throw new Error(`${String(from)} is not in the file`);
    return Buffer.from(text.replace(from, to), 'latin1');
  };

/** The page after page 1 that begins with this kind of b-tree page, from the end. */
function lastLeaf(bytes: Buffer): number {
  for (let at = bytes.length - page; at > 0; at -= page) if (bytes[at] === 13) return at;
  throw new Error('there is no leaf');
}

/** Changes of bytes, which no SQLite program makes. */
export const byteTamperings: readonly Tampering[] = [
  { name: 'an empty file', apply: () => Buffer.alloc(0) },
  { name: 'a text file', apply: () => Buffer.from('hello\n'.repeat(2000)) },
  { name: 'zeros', apply: (bytes) => Buffer.alloc(bytes.length) },
  { name: 'cut in the header', apply: (bytes) => bytes.subarray(0, 60) },
  { name: 'cut in the first page', apply: (bytes) => bytes.subarray(0, 3000) },
  { name: 'cut by one byte', apply: (bytes) => bytes.subarray(0, -1) },
  { name: 'cut by a page', apply: (bytes) => bytes.subarray(0, -page) },
  { name: 'cut to one page', apply: (bytes) => bytes.subarray(0, page) },
  {
    name: 'cut to half',
    damagesPages: true,
    apply: (bytes) => bytes.subarray(0, bytes.length / 2),
  },
  {
    name: 'bytes behind the end',
    apply: (bytes) => Buffer.concat([bytes, Buffer.from('more')]),
  },
  {
    name: 'a page behind the end',
    apply: (bytes) => Buffer.concat([bytes, Buffer.alloc(page, 7)]),
  },
  { name: 'another magic', apply: patched(0, 0x54) },
  { name: 'another page size', apply: patched(16, 8, 0) },
  { name: 'WAL mode', apply: patched(18, 2, 2) },
  { name: 'reserved space', apply: patched(20, 16) },
  { name: 'other payload fractions', apply: patched(21, 65) },
  { name: 'a counter at 24', apply: patched(24, 0, 0, 0, 9) },
  { name: 'fewer pages claimed', apply: patched(28, 0, 0, 0, 2) },
  { name: 'more pages claimed', apply: patched(28, 0, 0, 9, 9) },
  { name: 'a free list', apply: patched(32, 0, 0, 0, 3, 0, 0, 0, 1) },
  { name: 'another schema cookie', apply: patched(40, 0, 0, 0, 77) },
  { name: 'another schema format', apply: patched(44, 0, 0, 0, 1) },
  { name: 'a cache size', apply: patched(48, 0, 0, 1, 0) },
  { name: 'auto-vacuum', apply: patched(52, 0, 0, 0, 6) },
  { name: 'UTF-16', apply: patched(56, 0, 0, 0, 2) },
  { name: 'user_version 0', apply: patched(60, 0, 0, 0, 0) },
  { name: 'user_version 2', apply: patched(60, 0, 0, 0, 2) },
  { name: 'user_version 2 and another schema', apply: futureSchema },
  { name: 'incremental vacuum', apply: patched(64, 0, 0, 0, 1) },
  { name: 'another application id', apply: patched(68, 1, 2, 3, 4) },
  { name: 'reserved bytes of the header', apply: patched(80, 9) },
  { name: 'a counter at 92', apply: patched(92, 0, 0, 0, 9) },
  { name: 'another SQLite version', apply: patched(96, 0, 0, 0, 1) },
  {
    name: 'white space in the schema',
    apply: replaced(/CREATE TABLE event\(/, 'CREATE TABLE event\n'),
  },
  {
    name: 'another name in the schema',
    apply: replaced(/CREATE TABLE event/, 'CREATE TABLE evenT'),
  },
  { name: 'NUL in the schema', apply: replaced(/ORDER BY event\.seq/, 'ORDER BY event.se\0') },
  { name: 'a byte of a header', apply: replaced(/"n":\d/, '"n":0') },
  { name: 'a broken byte in a header', apply: replaced(/"n":\d/, '"n":\xff') },
  { name: 'a byte of a body', apply: replaced(/"salt":"/, '"sALt":"') },
  { name: 'the table meta', apply: replaced(/format1/, 'formaT1') },
  { name: 'a root page that is no page of a table', apply: patched(page, 99) },
  { name: 'an index page for a root', apply: patched(page, 10) },
  { name: 'a leaf filled with zeros', apply: (bytes) => filled(bytes, 0) },
  { name: 'a leaf filled with noise', apply: (bytes) => filled(bytes, 0xa7) },
  {
    name: 'a leaf that claims more rows',
    damagesPages: true,
    apply: (bytes) => patched(lastLeaf(bytes) + 3, 0xff, 0xff)(bytes),
  },
  {
    name: 'a leaf that points outside of itself',
    damagesPages: true,
    apply: (bytes) => patched(lastLeaf(bytes) + 8, 0xff, 0xff)(bytes),
  },
  { name: 'pages that run in a circle', apply: circle },
];

function filled(bytes: Buffer, value: number): Buffer {
  const copy = Buffer.from(bytes);
  const at = lastLeaf(bytes);
  copy.fill(value, at, at + page);
  return copy;
}

function futureSchema(bytes: Buffer): Buffer {
  const renamed = replaced(/CREATE TABLE event/, 'CREATE TABLE evenT')(bytes);
  return patched(60, 0, 0, 0, 2)(renamed);
}

/** The root of the events becomes the page below itself. */
function circle(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy.fill(0, page, 2 * page);
  copy.set([5, 0, 0, 0, 1, 0x0f, 0xf0, 0, 0, 0, 0, 2, 0x0f, 0xf0], page);
  copy.set([0, 0, 0, 2, 5], page + 0xff0);
  return copy;
}
