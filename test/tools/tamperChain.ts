import type { JsonValue } from '../../src/core/canonicalJson.js';
import { at, rows } from './tamperRows.js';
import type { Tampering } from './tamperBytes.js';
import {
  bodyOf,
  canonical,
  eventIdBytes,
  headerOf,
  idOf,
  put,
  rebuildChain,
  type Loose,
  type Tables,
} from './tamperTables.js';

type Edit = (header: Loose, tables: Tables) => Loose | string | void;

/** Changes the header of one event; its id follows, nothing behind it does. */
const header = (name: string, change: Edit, place = -1): Tampering =>
  rows(name, (tables) => {
    const row = at(tables, place);
    const before = headerOf(row);
    put(row, change(before, tables) ?? before);
  });

/** Changes the spelling of the last header; its id follows. */
const spelling = (name: string, change: (text: string) => string): Tampering =>
  header(name, (before) => change(canonical(before)));

/** Changes the last body; the header's digest and the id follow. */
const body = (name: string, change: (body: Loose) => Loose | string | void): Tampering =>
  rows(name, (tables) => {
    const row = at(tables, -1);
    const before = bodyOf(row);
    put(row, headerOf(row), change(before) ?? before);
  });

/** Changes one event and recomputes everything behind it. */
const rebuilt = (name: string, change: (tables: Tables) => void): Tampering =>
  rows(name, (tables) => {
    const old = tables.events.map(idOf);
    change(tables);
    rebuildChain(tables.events, old);
  });

/** An event of a type that no version knows, behind all others. */
const unknown = (name: string, more: (header: Loose) => Loose, text = '{}'): Tampering =>
  rows(name, (tables) => {
    const last = headerOf(at(tables, -1));
    const row = { ...at(tables, -1), seq: Number(at(tables, -1).seq) + 1 };
    const parents = [idOf(at(tables, -1))];
    const rest = without(last, 'prompt');
    put(
      row,
      { ...more({ ...rest, n: Number(last['n']) + 1, parents, refs: {}, type: 'x.y' }) },
      text,
    );
    tables.events.push(row);
  });

const without = (value: Loose, name: string): Loose =>
  Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));

const nested = (levels: number, inner: JsonValue): JsonValue =>
  levels === 0 ? inner : [nested(levels - 1, inner)];

const other = '0123456789abcdef'.repeat(2);

/** Headers and bodies whose ids were recomputed, as somebody does who knows the format. */
export const chainTamperings: readonly Tampering[] = [
  header('a header changed, its id not', (h) => void (h['at'] = '2020-01-01T00:00:00.000Z')),
  header('a header in the middle changed with its id', (h) => void (h['who'] = other), 4),
  header('the first header changed with its id', (h) => void (h['who'] = other), 0),
  rebuilt('the whole chain recomputed', (t) => {
    put(at(t, 2), { ...headerOf(at(t, 2)), who: other });
  }),
  rebuilt('the whole chain recomputed without the third event', (t) => {
    const gone = at(t, 2);
    const next = at(t, 3);
    put(next, { ...headerOf(next), parents: headerOf(gone)['parents']! });
    t.events.splice(2, 1);
    t.events.forEach((row, i) => (row.seq = i + 1));
  }),
  header('an event of another ledger', (h) => void (h['ledger'] = other)),
  header('a counter used again', (h) => void (h['n'] = 1)),
  header('a gap in a counter', (h) => void (h['n'] = Number(h['n']) + 3)),
  header('a huge counter', (h) => void (h['n'] = Number.MAX_SAFE_INTEGER)),
  spelling('a counter that is no safe integer', (t) =>
    t.replace(/"n":\d+/, '"n":9007199254740993'),
  ),
  spelling('a counter with a fraction', (t) => t.replace(/"n":(\d+)/, '"n":$1.0')),
  spelling('a counter with an exponent', (t) => t.replace(/"n":\d+/, '"n":1e1')),
  spelling('a negative zero', (t) => t.replace(/"n":\d+/, '"n":-0')),
  header('counter 0', (h) => void (h['n'] = 0)),
  header('another writer', (h) => void (h['writer'] = other)),
  header('no parents', (h) => void (h['parents'] = [])),
  header('understated parents', (h, t) => void (h['parents'] = [idOf(at(t, 1))])),
  header('a parent that is missing', (h) => void (h['parents'] = [other.repeat(2)])),
  header('a parent twice', (h, t) => void (h['parents'] = [idOf(at(t, 1)), idOf(at(t, 1))])),
  header('parents that are not sorted', (h, t) => {
    h['parents'] = [idOf(at(t, 1)), idOf(at(t, 2))].sort().reverse();
  }),
  header('70 parents', (h) => void (h['parents'] = many(70))),
  header('10,000 parents', (h) => void (h['parents'] = many(10_000))),
  header('an upper-case parent', (h) => void (h['parents'] = ['A'.repeat(64)])),
  header('parents that are no list', (h) => void (h['parents'] = 'x')),
  header('version 0', (h) => void (h['v'] = 0)),
  header('version 2', (h) => void (h['v'] = 2)),
  header('version 2 with another member', (h) => ({ ...h, v: 2, zzz: [1] })),
  header('version 3 with another member', (h) => ({ ...h, v: 3, zzz: [1] })),
  header('the other version', (h) => ({ ...h, v: h['v'] === 1 ? 2 : 1 })),
  header('another member', (h) => ({ ...h, zzz: 1 })),
  header('a member less', (h) => without(h, 'at')),
  header('another type', (h) => void (h['type'] = 'some.thing')),
  header('a malformed type', (h) => void (h['type'] = 'Some thing')),
  header('a type with a line break behind it', (h) => void (h['type'] = 'some.thing\n')),
  header('a type named as a member of objects', (h) => void (h['type'] = 'constructor')),
  header('other refs', (h) => void (h['refs'] = { x: 1 })),
  header('refs that are a list', (h) => void (h['refs'] = [])),
  header('a prompt more or less', ({ prompt, ...h }) => (prompt ? h : { ...h, prompt: other })),
  header('the 30th of February', (h) => void (h['at'] = '2026-02-30T00:00:00.000Z')),
  header('a time without milliseconds', (h) => void (h['at'] = '2026-02-03T00:00:00Z')),
  header('a leap second', (h) => void (h['at'] = '2016-12-31T23:59:60.000Z')),
  header('Arabic digits in the time', (h) => void (h['at'] = '٢٠26-02-03T00:00:00.000Z')),
  spelling('white space in a header', (t) => t.replace('{', '{ ')),
  spelling('a line break behind a header', (t) => `${t}\n`),
  spelling('a byte order mark', (t) => `\ufeff${t}`),
  spelling('a duplicate member', (t) => t.replace('{', `{"at":"2026-01-01T00:00:00.000Z",`)),
  spelling('members in another order', (t) => t.replace(/^\{(.*?),(.*?),/, '{$2,$1,')),
  spelling('an escape that is not needed', (t) => t.replace('"at"', '"\\u0061t"')),
  spelling('a lone surrogate', (t) => t.replace(/"v":[12]/, '"u":"\\ud800","v":3')),
  spelling('deep nesting', (t) =>
    t.replace(/"v":[12]/, `"u":${'['.repeat(4000)}${']'.repeat(4000)},"v":3`),
  ),
  spelling('a text that never ends', (t) => t.slice(0, -2)),
  spelling('a constant that is no JSON', (t) => t.replace(/"n":\d+/, '"n":NaN')),
  header('a huge header', (h) => ({ ...h, v: 3, zzz: 'x'.repeat(20_000) })),
  body('a body with another member', (b) => ({ ...b, more: 1 })),
  body('a body without salt', (b) => without(b, 'salt')),
  body('a fraction in a body', (b) => canonical(b).replace(/"utcOffset":\d+/, '"utcOffset":1.5')),
  body('an offset of a week', (b) => void (b['utcOffset'] = 10_080)),
  body('true for a number', (b) => void (b['utcOffset'] = true)),
  body('a body that is a list', () => '[]'),
  body('a body with a lone surrogate', (b) => canonical(b).replace('"tool":"', '"tool":"\\udfff')),
  body('NUL in a body', (b) => canonical(b).replace('"tool":"', '"tool":"\\u0000')),
  body('a backslash before u0000 in a body', (b) => canonical({ ...b, tool: '\\u0000' })),
  body(
    'DEL and line separators in a body',
    (b) => void (b['tool'] = '\x7f\u2028\u2029é😀\u001f\b'),
  ),
  body('a tool of 320 characters', (b) => void (b['tool'] = 'x'.repeat(320))),
  body('a tool of 321 UTF-16 units', (b) => void (b['tool'] = `x${'😀'.repeat(160)}`)),
  body('a huge body', (b) => void (b['tool'] = 'x'.repeat(1_100_000))),
  rows('a body changed with its digest, the id not', (t) => {
    const row = at(t, 4);
    put(row, headerOf(row), { ...bodyOf(row), tool: 'other' }, true);
  }),
  rows('an id recomputed over another header', (t) => {
    at(t, 4).id = eventIdBytes('x');
  }),
  unknown('an event of an unknown type', (h) => h),
  unknown('an unknown type without a canonical body', (h) => h, 'no JSON'),
  unknown('16 levels', (h) => ({ ...h, refs: { x: nested(14, 1) } })),
  unknown('17 levels', (h) => ({ ...h, refs: { x: nested(15, 1) } })),
  unknown('17 levels, the last one empty', (h) => ({ ...h, refs: { x: nested(14, []) } })),
  unknown('18 levels', (h) => ({ ...h, refs: { x: nested(15, []) } })),
  unknown('members that sort otherwise in UTF-16', (h) => ({
    ...h,
    refs: { '\u{1f600}': 1, '\ufb33': 2, '\u20ac': 3, '\r': 4, '1': 5, '\u0080': 6, '\u00f6': 7 },
  })),
  unknown('a member called __proto__', (h) => ({
    ...h,
    refs: JSON.parse('{"__proto__":{"x":1}}') as JsonValue,
  })),
  unknown('an unknown type with a prompt', (h) => ({ ...h, prompt: other })),
];

const many = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => i.toString(16).padStart(64, '0'));
