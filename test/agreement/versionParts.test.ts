import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JsonValue } from '../../src/core/canonicalJson.js';
import { versionParts } from '../../src/prompts/versionParts.js';
import { projectRoot } from '../tools/paths.js';
import { numbers } from './random.js';

/** Written from docs/LEDGER.md, "Parts of a version", for JSON: names come from its table, texts from its input. */
const stranger = `
import hashlib, json, sys

names, texts = json.load(sys.stdin)
part_of = {name.replace('-', '').replace('_', '').lower(): part for part in names for name in names[part]}
utf16 = lambda text: text.encode('utf-16-be')

def canonical(v):
    if isinstance(v, dict):
        return '{' + ','.join(canonical(n) + ':' + canonical(v[n]) for n in sorted(v, key=utf16)) + '}'
    if isinstance(v, list):
        return '[' + ','.join(map(canonical, v)) + ']'
    return json.dumps(v, ensure_ascii=False)

def digest(v):
    return 'sha256:' + hashlib.sha256(canonical(v).encode()).hexdigest()

def members_of(part, v):
    """The members of one part, or None."""
    if isinstance(v, list):
        v = {str(i): item for i, item in enumerate(v)}
        own = {}
    elif isinstance(v, dict):
        own = {n: v[n] for n in v if part_of.get(n.replace('-', '').replace('_', '').lower()) == part}
        v = {n: v[n] for n in v if n.replace('-', '').replace('_', '').lower() not in part_of}
    else:
        return None
    for n in own:
        if part != 'model' and isinstance(own[n], list) and all(isinstance(one, str) for one in own[n]):
            own[n] = sorted(own[n], key=utf16)
    for n in v:
        inner = members_of(part, v[n])
        if inner is not None:
            own[n] = inner
    return own or None

def without(v):
    if isinstance(v, list):
        return [without(item) for item in v]
    if isinstance(v, dict):
        return {n: without(v[n]) for n in v if n.replace('-', '').replace('_', '').lower() not in part_of}
    return v

answers = []
for text in texts:
    value = json.loads(text)
    found = {part: members_of(part, value) for part in ('model', 'tools', 'permissions')}
    answers.append({'text': digest(without(value)), **{p: found[p] and digest(found[p]) for p in found}})
print(json.dumps(answers))
`;

describe('two readers of the parts of a version', () => {
  it('come to the same on JSON', () => {
    const names = namesOnThePage();
    const draw = numbers(7);
    const texts = Array.from({ length: 400 }, () =>
      JSON.stringify(anyValue(draw, Object.values(names).flat(), 0)),
    );
    const { stdout, stderr } = spawnSync('python3', ['-X', 'utf8', '-c', stranger], {
      input: JSON.stringify([names, texts]),
      encoding: 'utf8',
    });
    assert.equal(stderr, '');
    const theirs = JSON.parse(stdout) as unknown[];
    const ours = texts.map((text) => versionParts('prompts/a.json', Buffer.from(text)));
    for (const [i, text] of texts.entries()) assert.deepEqual(ours[i], theirs[i], text);
    for (const part of ['model', 'tools', 'permissions'] as const)
      assert.ok(ours.filter((one) => one?.[part] != null).length > 40, part);
  });
});

/** By part: those of every format, and those of JSON files. */
function namesOnThePage(): Readonly<Record<string, readonly string[]>> {
  const page = readFileSync(join(projectRoot, 'docs', 'LEDGER.md'), 'utf8');
  const quoted = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map((m) => m[1]!);
  return Object.fromEntries(
    ['model', 'tools', 'permissions'].map((part) => {
      const [, , all, some] = new RegExp(`^\\| \`${part}\` \\|.*\\|.*\\|$`, 'm')
        .exec(page)![0]
        .split('|');
      const json = /other `\.json`: ([^;|]*)/.exec(some!)?.[1] ?? '';
      return [part, [...quoted(all!), ...quoted(json)]];
    }),
  );
}

function anyValue(
  draw: (below: number) => number,
  names: readonly string[],
  depth: number,
): JsonValue {
  const scalars: readonly JsonValue[] = [
    'é',
    '\u{1f600}',
    '\uffff',
    '',
    'b',
    'a',
    0,
    -3,
    0.5,
    true,
    null,
    '\u001f"\\',
  ];
  const pick = <T>(all: readonly T[]): T => all[draw(all.length)]!;
  const kind = depth > 4 ? 0 : depth === 0 ? 3 : draw(5);
  if (kind <= 1) return pick(scalars);
  if (kind === 2)
    return Array.from({ length: draw(4) }, () => pick(['b', 'a', '\uffff', '\u{1f600}']));
  const inner = (): JsonValue => anyValue(draw, names, depth + 1);
  if (kind === 4) return Array.from({ length: draw(4) }, inner);
  const spelled = [
    (name: string) => name,
    (name: string) => name.toUpperCase(),
    (name: string) => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter}`),
  ];
  const plain = ['x', '\uffff', '\u{1f600}', 'messages', '0'];
  return Object.fromEntries(
    Array.from({ length: draw(5) }, () => [
      draw(2) === 0 ? pick(plain) : pick(spelled)(pick(names)),
      inner(),
    ]),
  );
}
