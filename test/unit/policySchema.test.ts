import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkPolicy } from '../../src/core/policyFile.js';
import { policyKeys } from '../../src/core/policyKeys.js';
import { resolved, schemaFaults, type Schema } from '../tools/jsonSchema.js';
import { projectRoot } from '../tools/paths.js';

const root = JSON.parse(
  readFileSync(join(projectRoot, 'schemas', 'policy.schema.json'), 'utf8'),
) as Schema;

/** The schema behind a path of keys, where `*` is any key and `#` any item. */
function at(...path: readonly string[]): Schema {
  let schema = root;
  for (const step of path) {
    const whole = flat(schema);
    const next =
      step === '#'
        ? whole.items
        : step === '*'
          ? whole.additionalProperties
          : whole.properties?.[step];
    assert.ok(typeof next === 'object', path.join('/'));
    schema = next;
  }
  return flat(schema);
}

/** With what `allOf` or `$ref` bring in. */
function flat(schema: Schema): Schema {
  const parts = [schema, ...(schema.allOf ?? [])].map((part) => resolved(root, part));
  return Object.assign({}, ...parts.toReversed()) as Schema;
}

const objects: readonly (readonly [keyof typeof policyKeys, readonly string[]])[] = [
  ['top', []],
  ['minCheckpoint', ['minCheckpoint']],
  ['prompts', ['prompts']],
  ['person', ['people', '*']],
  ['approvals', ['approvals']],
  ['approvals', ['environments', '*', 'approvals']],
  ['approvals', ['rules', '#', 'approvals']],
  ['quota', ['approvals', 'allOf', '#']],
  ['rule', ['rules', '#']],
  ['redaction', ['redaction']],
  ['environment', ['environments', '*']],
  ['breakGlass', ['environments', '*', 'breakGlass']],
];

/** Every key has a value here that the parser takes, so that each can be made wrong. */
const whole = {
  $schema: 'x',
  version: 1,
  ledger: 'ab'.repeat(16),
  minCheckpoint: { size: 412, root: '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' },
  prompts: { include: ['prompts/**'], exclude: ['x/**'] },
  drafts: 'local',
  protectedBranch: 'main',
  people: { ana: { emails: ['ana@c.example'], handles: ['@ana'], kind: 'person' } },
  groups: { clinical: ['ana'], '@clinic/reviewers': ['ravi@c.example'] },
  roles: { reviewer: ['ana', 'clinical', '@clinic/reviewers', '*', 'x@c.example'] },
  approvals: {
    required: 2,
    roles: ['reviewer'],
    allOf: [{ required: 1, roles: ['reviewer'] }],
    codeowners: true,
    contributors: false,
    unattended: false,
    signed: true,
    sameClone: false,
    expires: '30d',
    reason: true,
    meanings: ['reviewed'],
    otherPolicy: false,
    scoped: true,
    openComments: false,
  },
  rules: [
    {
      name: 'dosing',
      paths: ['prompts/**'],
      environments: ['production'],
      changes: ['tools'],
      approvals: { required: 1 },
    },
  ],
  redaction: { roles: ['reviewer'], unattended: false },
  environments: {
    production: {
      approvals: { required: 1 },
      deployers: ['reviewer'],
      approverMayDeploy: false,
      contributorMayDeploy: false,
      breakGlass: { roles: ['reviewer'], review: '24h', reviewers: ['reviewer'] },
      after: 'staging',
    },
    staging: { breakGlass: true },
  },
};

const strange: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1,
  1.5,
  21,
  '',
  ' ',
  'x',
  'x@y.example',
  '@x',
  '@x/y',
  '30d',
  '0d',
  'a..b',
  '-b',
  'x'.repeat(101),
  'a@b'.repeat(90),
  [],
  [null],
  [1],
  ['x@y.example', 'x@z.example'],
  [{}],
  {},
  { zzz: 1 },
  { 'a b': {} },
];

/** Where a schema cannot follow: names that stand elsewhere, and wildcards of a glob. */
const beyond: ReadonlySet<string> = new Set(['policy.unknownName', 'policy.ambiguous']);

describe('the schema of the policy', () => {
  for (const [name, path] of objects) {
    it(`has the keys of the program at /${path.join('/')}, and no others`, () => {
      const schema = at(...path);
      assert.equal(schema.additionalProperties, false);
      assert.deepEqual(Object.keys(schema.properties ?? {}).sort(), [...policyKeys[name]].sort());
    });
  }

  it('says of each key what it does, with an example that fits', () => {
    const explained: string[] = [];
    for (const [name, path] of objects) {
      for (const key of policyKeys[name]) {
        const place = [...path, key].join('/');
        const schema = at(...path, key);
        assert.ok((schema.description ?? '').length > 20, place);
        assert.ok((schema.examples ?? []).length > 0, place);
        for (const example of schema.examples ?? [])
          assert.deepEqual(schemaFaults(root, example, schema), [], place);
        if (schema.enumDescriptions)
          assert.equal(schema.enumDescriptions.length, schema.enum?.length ?? -1, place);
        explained.push(place);
      }
    }
    assert.ok(explained.length > 60);
  });

  it('takes the policy that has every key, as the program does', () => {
    assert.deepEqual(checkPolicy(JSON.stringify(whole)).problems, []);
    assert.deepEqual(schemaFaults(root, whole), []);
    const there = objects.flatMap(([name]) => policyKeys[name]);
    for (const key of there) assert.ok(JSON.stringify(whole).includes(`"${key}"`), key);
  });

  it('agrees with the program on whatever stands in the place of any value', () => {
    let refused = 0;
    for (const path of pathsOf(whole)) {
      for (const value of strange) {
        const changed = replacedAt(whole, path, value);
        const { problems } = checkPolicy(JSON.stringify(changed));
        if (problems.some(({ code }) => beyond.has(code))) continue;
        // Null in the lists of older keys says nothing; an editor may well mark it.
        if (
          value === null &&
          /^\/(prompts\/..clude|roles|.*\/(roles|deployers|reviewers))\//.test(path)
        )
          continue;
        if (Array.isArray(value) && value[0] === null) continue;
        const faults = schemaFaults(root, changed);
        const both = `${path} = ${JSON.stringify(value)}: ${problems[0]?.message} / ${faults[0]}`;
        assert.equal(faults.length > 0, problems.length > 0, both);
        if (faults.length > 0) refused++;
      }
    }
    assert.ok(refused > 1000, String(refused));
  });

  it('agrees with the program on members that are missing, and on those too many', () => {
    for (const path of pathsOf(whole)) {
      for (const changed of [withoutAt(whole, path), withMoreAt(whole, path)]) {
        const { problems } = checkPolicy(JSON.stringify(changed));
        if (problems.some(({ code }) => beyond.has(code))) continue;
        const faults = schemaFaults(root, changed);
        assert.equal(faults.length > 0, problems.length > 0, `${path}: ${problems[0]?.message}`);
      }
    }
  });
});

/** Each value, by its path such as `/rules/0/name`. */
function pathsOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, one]) =>
    pathsOf(one, `${path}/${key.replaceAll('/', '~')}`),
  );
  return path === '' ? inner : [path, ...inner];
}

function replacedAt(value: unknown, path: string, put: unknown): unknown {
  return changedAt(value, path, (parent, key) => {
    (parent as Record<string, unknown>)[key] = put;
  });
}

function withoutAt(value: unknown, path: string): unknown {
  return changedAt(value, path, (parent, key) => {
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else delete (parent as Record<string, unknown>)[key];
  });
}

function withMoreAt(value: unknown, path: string): unknown {
  return changedAt(value, path, (parent, key) => {
    const there = (parent as Record<string, unknown>)[key];
    if (typeof there === 'object' && !Array.isArray(there)) Object.assign(there!, { zzz: 1 });
  });
}

function changedAt(
  value: unknown,
  path: string,
  change: (parent: object, key: string) => void,
): unknown {
  const copy = structuredClone(value);
  const keys = path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~', '/'));
  let parent = copy as Record<string, unknown>;
  for (const key of keys.slice(0, -1)) parent = parent[key] as Record<string, unknown>;
  change(parent, keys.at(-1)!);
  return copy;
}
