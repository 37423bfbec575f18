import assert from 'node:assert/strict';
import fc from 'fast-check';
import { digestOf } from '../../src/core/hash.js';
import { versionParts } from '../../src/prompts/versionParts.js';

type Expected = readonly [
  text: string,
  model?: string | null,
  tools?: string | null,
  permissions?: string | null,
];

const partsOf = (path: string, text: string) => versionParts(path, Buffer.from(text));
const digests = ([text, model = null, tools = null, permissions = null]: Expected) => ({
  text: digestOf(text),
  model: model === null ? null : digestOf(model),
  tools: tools === null ? null : digestOf(tools),
  permissions: permissions === null ? null : digestOf(permissions),
});

/** What is hashed for each part, as the canonical JSON itself. */
const read: readonly (readonly [name: string, path: string, text: string, parts: Expected])[] = [
  ['plain text', 'prompts/a.txt', '---\nmodel: x\n---\n', ['---\nmodel: x\n---\n']],
  ['no bytes at all', 'prompts/a.md', '', ['']],
  ['AGENTS.md has no metadata', 'AGENTS.md', '---\ntools: x\n---\n', ['---\ntools: x\n---\n']],
  ['a file without an end', '.cursorrules', 'Be brief.', ['Be brief.']],
  ['Markdown without front matter', 'prompts/a.md', '# Be brief\n---\n', ['# Be brief\n---\n']],
  [
    'Markdown with front matter',
    'prompts/a.md',
    '---\nmodel: gpt-4o\ntemperature: 0.2\nname: triage # says which\n---\nBe brief.\n',
    [
      '{"body":"Be brief.\\n","metadata":{"name":"triage"}}',
      '{"model":"gpt-4o","temperature":0.2}',
    ],
  ],
  [
    'line ends of Windows and a byte order mark',
    'prompts/a.md',
    '\ufeff---\r\nmodel: m\r\n---  \r\nA\r\n',
    ['{"body":"A\\r\\n","metadata":{}}', '{"model":"m"}'],
  ],
  ['empty front matter', 'a.prompt.md', '---\n---', ['{"body":"","metadata":{}}']],
  [
    'vscode-prompt',
    'a.prompt.md',
    "---\nagent: agent\ndescription: Rules: be *brief*\nmodel: [b, a]\ntools: ['search', 'fetch']\n---\nX",
    [
      '{"body":"X","metadata":{"description":"Rules: be *brief*"}}',
      '{"model":["b","a"]}',
      '{"tools":["fetch","search"]}',
      '{"agent":"agent"}',
    ],
  ],
  [
    'vscode-instructions, a glob without quotes',
    '.github/instructions/a.instructions.md',
    '---\napplyTo: **/*.ts, **/*.js\nexcludeAgent: code-review\n---\nX',
    [
      '{"body":"X","metadata":{}}',
      null,
      null,
      '{"applyTo":"**/*.ts, **/*.js","excludeAgent":"code-review"}',
    ],
  ],
  [
    'vscode-agent',
    '.github/agents/a.md',
    '---\nname: A\ntools: [x]\nmcp-servers:\n  s: {command: node}\nhandoffs:\n  - {label: L, model: m}\ntarget: vscode\n---\n',
    [
      '{"body":"","metadata":{"name":"A"}}',
      null,
      '{"mcp-servers":{"s":{"command":"node"}},"tools":["x"]}',
      '{"handoffs":[{"label":"L","model":"m"}],"target":"vscode"}',
    ],
  ],
  [
    'claude-agent',
    '.claude/agents/a.md',
    '---\nname: a\ndescription: Use it: for all\ntools: Read, Bash(git *)\ndisallowedTools: Write\npermissionMode: plan\nmodel: opus\neffort: high\nskills: [s]\n---\nB',
    [
      '{"body":"B","metadata":{"description":"Use it: for all","name":"a"}}',
      '{"effort":"high","model":"opus"}',
      '{"skills":["s"],"tools":"Read, Bash(git *)"}',
      '{"disallowedTools":"Write","permissionMode":"plan"}',
    ],
  ],
  [
    'SKILL.md',
    'x/SKILL.md',
    '---\nname: s\nargument-hint: [a] [b]\nallowed-tools: Bash(git add:*) Read\ncontext: fork\n---\n',
    [
      '{"body":"","metadata":{"argument-hint":"[a] [b]","name":"s"}}',
      null,
      null,
      '{"allowed-tools":"Bash(git add:*) Read","context":"fork"}',
    ],
  ],
  [
    'cursor-rule',
    '.cursor/rules/a.mdc',
    '---\ndescription: A\nglobs: *.ts\nalwaysApply: false\n---\nX',
    [
      '{"body":"X","metadata":{"description":"A"}}',
      null,
      null,
      '{"alwaysApply":false,"globs":"*.ts"}',
    ],
  ],
  [
    'prompty',
    'a.prompty',
    '---\nname: A\nmodel:\n  api: chat\n  configuration: {azure_deployment: d}\n  parameters: {max_tokens: 10}\nsample: {q: 1}\n---\nsystem:\nX',
    [
      '{"body":"system:\\nX","metadata":{"name":"A","sample":{"q":1}}}',
      '{"model":{"api":"chat","configuration":{"azure_deployment":"d"},"parameters":{"max_tokens":10}}}',
    ],
  ],
  [
    'dotprompt, with a licence before its front matter',
    'a.prompt',
    '# (c) x\n\n---\nmodel: m\nconfig:\n  temperature: 1.0\ninput:\n  schema: {t: string}\ntools: [b, a]\n---\n{{t}}',
    [
      '{"body":"# (c) x\\n\\n{{t}}","metadata":{"input":{"schema":{"t":"string"}}}}',
      '{"config":{"temperature":1},"model":"m"}',
      '{"tools":["a","b"]}',
    ],
  ],
  [
    'github-models',
    'a.prompt.yml',
    'name: A\nmodel: openai/gpt-4o\nmodelParameters:\n  maxTokens: 5\nmessages:\n  - role: system\n    content: "S"\nevaluators:\n  - name: e\n    llm: {modelId: x, prompt: p}\n',
    [
      '{"evaluators":[{"llm":{"prompt":"p"},"name":"e"}],"messages":[{"content":"S","role":"system"}],"name":"A"}',
      '{"evaluators":{"0":{"llm":{"modelId":"x"}}},"model":"openai/gpt-4o","modelParameters":{"maxTokens":5}}',
    ],
  ],
  [
    'promptops',
    '.promptops/prompts/a.yaml',
    'prompt:\n  id: a\n  model: m\n  template: "T"\n',
    ['{"prompt":{"id":"a","template":"T"}}', '{"prompt":{"model":"m"}}'],
  ],
  [
    'poml',
    'a.poml',
    '<poml><!-- <runtime/> --><runtime provider="x > y" model="m"/><tool-definition name="t">{}</tool-definition ><p>A</p></poml>',
    [
      '<poml><!-- <runtime/> --><p>A</p></poml>',
      '["<runtime provider=\\"x > y\\" model=\\"m\\"/>"]',
      '["<tool-definition name=\\"t\\">{}</tool-definition >"]',
    ],
  ],
  [
    'JSON under prompts/',
    'prompts/a.json',
    '{"model":"m","stop":["b","a"],"messages":[{"content":"x","tools":[{"name":"t"}]}],"tool_choice":"auto"}',
    [
      '{"messages":[{"content":"x"}]}',
      '{"model":"m","stop":["b","a"]}',
      '{"messages":{"0":{"tools":[{"name":"t"}]}},"tool_choice":"auto"}',
    ],
  ],
  [
    'YAML under prompts/, with an alias',
    'prompts/a.yaml',
    'a: &x {model: m, n: 1}\nb: *x\n"1": yes\n',
    ['{"1":"yes","a":{"n":1},"b":{"n":1}}', '{"a":{"model":"m"},"b":{"model":"m"}}'],
  ],
  ['an ending and elements in capitals', 'A.POML.JSON', '{"model":"m"}', ['{}', '{"model":"m"}']],
  [
    'poml in capitals',
    'a.poml',
    '<POML><Runtime model="m"></Runtime>A</POML>',
    ['<POML>A</POML>', '["<Runtime model=\\"m\\"></Runtime>"]'],
  ],
  [
    'spaces behind a description that is no YAML',
    'a.prompt.md',
    '---\ndescription: a: b  \nmodel: m\n---\n',
    ['{"body":"","metadata":{"description":"a: b"}}', '{"model":"m"}'],
  ],
  ['YAML that is one text', 'prompts/a.yml', 'Be brief.', ['"Be brief."']],
  [
    'a member without a value',
    'prompts/a.md',
    '---\ntools:\n---\n',
    ['{"body":"","metadata":{}}', null, '{"tools":null}'],
  ],
];

const deep = (n: number, open: string, close: string): string => open.repeat(n) + close.repeat(n);

/** Nobody may say that only a part of such a text changed. */
const unread: readonly (readonly [name: string, path: string, text: string | Uint8Array])[] = [
  ['code', 'prompts/a.py', 'x = 1'],
  ['another format', 'prompts/a.baml', 'client x'],
  ['bytes that are no UTF-8', 'prompts/a.txt', Buffer.of(0x61, 0xff)],
  ['front matter that is not closed', 'a.prompt.md', '---\nmodel: x\n'],
  ['nothing behind the first line', 'a.prompt.md', '---'],
  ['empty lines before it', 'a.prompt.md', '\n---\nmodel: x\n---\n'],
  ['front matter that is no mapping', 'a.prompt.md', '---\n- a\n---\n'],
  ['broken YAML', 'a.prompt.md', '---\nmodel: [a\n---\n'],
  ['a member twice', 'a.prompt.md', '---\nmodel: a\nmodel: b\n---\n'],
  ['a member twice, spelled otherwise', 'a.prompt.yml', '1: a\n"1": b\n'],
  ['a merge key', 'a.prompt.yml', 'a: &a {model: x}\n<<: *a\n'],
  ['a tag', 'a.prompt.yml', 'model: !!str 1\n'],
  ['a tag on a mapping', 'a.prompt.yml', 'model: !x {a: 1}\n'],
  ['a tag on a name', 'a.prompt.yml', '!!str model: x\n'],
  ['an anchor on a name', 'a.prompt.yml', '? &a model\n: x\nb: *a\n'],
  ['a directive', 'a.prompt.yml', '%YAML 1.1\n---\na: 1\n'],
  ['two documents', 'a.prompt.yml', 'a: 1\n---\nb: 1\n'],
  ['a mapping as a name', 'a.prompt.yml', '? {a: 1}\n: b\n'],
  ['an alias before its anchor', 'a.prompt.yml', 'a: *x\nb: &x 1\n'],
  ['an alias within its own anchor', 'a.prompt.yml', 'a: &x [*x]\n'],
  ['infinity', 'a.prompt.yml', 'a: .inf\n'],
  ['a number that is not exact', 'prompts/a.json', '{"a":9007199254740993}'],
  ['half of a surrogate pair', 'prompts/a.json', '{"a":"\\ud800"}'],
  ['JSON with a comment', 'prompts/a.json', '{"a":1} // x'],
  ['JSON with a member twice', 'prompts/a.json', '{"model":"a","model":"b"}'],
  ['JSON with __proto__', 'prompts/a.json', '{"__proto__":{"model":1}}'],
  ['broken JSON', 'prompts/a.json', '{"a":'],
  ['JSON that is deep', 'prompts/a.json', deep(40, '[', ']')],
  ['JSON that is very deep', 'prompts/a.json', deep(50_000, '[', ']')],
  ['YAML that is deep', 'prompts/a.yaml', deep(40, '[', ']')],
  ['YAML that is very deep', 'prompts/a.yaml', deep(50_000, '[', ']')],
  ['YAML that goes in and in', 'prompts/a.yaml', '- '.repeat(50_000)],
  ['YAML that fills the stack', 'prompts/a.yaml', `${'['.repeat(19_000)}]`],
  ['blocks that fill the stack', 'prompts/a.yaml', '- '.repeat(19_000)],
  ['many signs', 'prompts/a.yaml', `a: ${'x-'.repeat(20_001)}`],
  ['long metadata', 'prompts/a.yaml', `a: ${'x'.repeat(131_072)}`],
  ['long front matter', 'prompts/a.md', `---\na: ${'x'.repeat(131_072)}\n---\n`],
  ['many values', 'prompts/a.yaml', `[${'1,'.repeat(20_001)}]`],
  ['a poml element that is not closed', 'a.poml', '<poml><tool name="x"></poml>'],
  ['a poml tag that is not closed', 'a.poml', '<runtime model="x'],
  ['a poml comment that is not closed', 'a.poml', '<!-- <runtime model="x"/>'],
];

describe('the parts of a version', () => {
  for (const [name, path, text, expected] of read)
    it(`reads ${name}`, () => assert.deepEqual(partsOf(path, text), digests(expected)));

  for (const [name, path, text] of unread)
    it(`has none for ${name}`, () =>
      assert.equal(versionParts(path, typeof text === 'string' ? Buffer.from(text) : text), null));

  it('is not blown up by aliases', () => {
    const lines = Array.from(
      { length: 30 },
      (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`,
    );
    assert.equal(partsOf('prompts/a.yaml', `a0: &a0 x\n${lines.join('\n')}\n`), null);
  });

  it('does not depend on the spelling, the order and the comments of metadata', () => {
    const one = '---\nmodel: "m"   # a comment\nname: n\ntools: [a, b]\n---\nX';
    const other = "---\ntools:\n  - b\n  - 'a'\nname: n\nmodel: m\n---\nX";
    assert.deepEqual(partsOf('a.prompt.md', one), partsOf('a.prompt.md', other));
  });

  it('knows one name in all its spellings', () => {
    for (const name of ['allowed-tools', 'allowedTools', 'allowed_tools', 'Allowed-Tools']) {
      const parts = partsOf('x/SKILL.md', `---\n${name}: x\n---\n`);
      assert.deepEqual(
        parts,
        digests(['{"body":"","metadata":{}}', null, null, `{"${name}":"x"}`]),
      );
    }
  });

  it('differs wherever the value of a JSON text differs, but for the order of tools', () => {
    const names = fc.constantFrom('model', 'tools', 'permissions', 'a', 'b', '0');
    const value = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.constantFrom(null, 1, 0.5, 'x', ''),
        fc.array(fc.oneof(tie('value'), fc.constant(1)), { maxLength: 2 }),
        fc.dictionary(names, tie('value'), { maxKeys: 3 }),
      ),
    })).value;
    const sorted = (one: unknown): unknown => {
      if (Array.isArray(one)) {
        return one.every((item) => typeof item === 'string') ? [...one].sort() : one.map(sorted);
      }
      if (typeof one !== 'object' || one === null) return one;
      return Object.fromEntries(
        Object.entries(one)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([name, member]) => [name, sorted(member)]),
      );
    };
    const text = (one: unknown): string => JSON.stringify(sorted(one));
    fc.assert(
      fc.property(value, value, (one, other) => {
        const [a, b] = [one, other].map((v) => partsOf('prompts/a.json', JSON.stringify(v)));
        assert.ok(a && b);
        if (text(one) !== text(other)) assert.notDeepEqual(a, b);
        else assert.deepEqual(a, b);
      }),
      { numRuns: 500 },
    );
  });

  it('never throws', () => {
    const paths = [
      'a.prompt.md',
      'a.prompt',
      'a.prompt.yml',
      'prompts/a.json',
      'a.poml',
      '.cursor/rules/a.mdc',
    ];
    const pieces = fc.constantFrom(
      ...[
        '---',
        '\n',
        ': ',
        '- ',
        '[',
        ']',
        '{',
        '}',
        '"',
        "'",
        '&a ',
        '*a',
        '!',
        '|',
        '>',
        '#',
        '<runtime',
        '/>',
      ],
      ...[
        'model',
        'tools',
        '\t',
        '\r',
        '%',
        '? ',
        '<!--',
        '-->',
        '\\',
        '\u2028',
        '\ufeff',
        '\0',
        ',',
        'x',
      ],
    );
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.array(pieces, { maxLength: 40 }), (path, text) => {
        const parts = partsOf(path, text.join(''));
        assert.ok(parts === null || /^sha256:/.test(parts.text));
      }),
      { numRuns: 2000 },
    );
  });
});
