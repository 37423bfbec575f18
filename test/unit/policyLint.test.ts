import assert from 'node:assert/strict';
import type { LedgerId } from '../../src/core/ids.js';
import { lintPolicy } from '../../src/core/policyLint.js';
import type { LintFinding, LintInput } from '../../src/core/policyLintContext.js';
import { checkPolicy, parsePolicy } from '../../src/core/policyFile.js';
import { policyText } from '../../src/core/policyPresets.js';

const ledger = 'ab'.repeat(16) as LedgerId;

function lint(text: string, around: Partial<LintInput> = {}): readonly LintFinding[] {
  return lintPolicy({
    text,
    mailmap: null,
    codeowners: null,
    allowedSigners: null,
    prompts: null,
    known: null,
    ...around,
  });
}

/** What stands at the place of a finding. */
function marked(text: string, around: Partial<LintInput>, finding: LintFinding): string {
  const whole = finding.file === 'policy' ? text : (around.codeowners ?? '');
  return whole.slice(finding.offset, finding.offset + finding.length);
}

function fixed(text: string, { fix }: LintFinding): string {
  assert.ok(fix);
  return fix.edits
    .toSorted((a, b) => b.offset - a.offset)
    .reduce(
      (t, { offset, length, text: put }) => t.slice(0, offset) + put + t.slice(offset + length),
      text,
    );
}

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKh7qDGhTJ0i0tCRvZlbwcAYIhGJnDdvQXUrQ2rUQyYS';
const envs =
  '"environments":{"production":{"approvals":{"unattended":false}}},"minCheckpoint":{"size":1,"root":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}';

/** A policy that nothing is wrong with, with these members. */
const text = (members: string, rest = envs): string => `{${members},${rest}}`;

interface Case {
  readonly what: string;
  readonly text: string;
  readonly around?: Partial<LintInput>;
  /** Each: code, severity, what stands at its place, and a part of the message. */
  readonly found: readonly (readonly [string, string, string, RegExp])[];
  /** What the first fix makes of the text. */
  readonly fixed?: RegExp;
}

const two = '"roles":{"reviewer":["ana@c.example","ravi@c.example"]}';
const three = '"roles":{"reviewer":["ana@c.example","ravi@c.example","kim@c.example"]}';

const cases: readonly Case[] = [
  {
    what: 'nothing of a policy that is well',
    text: text(`${three},"approvals":{"required":2,"roles":["reviewer"]}`),
    found: [],
  },
  {
    what: 'mistakes of the file, with their fix',
    text: text('"aprovals":{}'),
    found: [['policy.unknownKey', 'error', '"aprovals"', /did you mean "approvals"/]],
    fixed: /^\{"approvals":\{\},/,
  },
  {
    what: 'more approvals than people',
    text: text(`${two},"approvals":{"required":3,"roles":["reviewer"]}`),
    found: [
      [
        'lint.quorum',
        'error',
        '3',
        /3 approvals, and there are 2 people .* \(ana@c.example, ravi@c.example\): nothing/,
      ],
    ],
  },
  {
    what: 'two addresses of one person as one',
    text: text(
      `"people":{"ana":{"emails":["ana@c.example","ravi@c.example"]}},${two},"approvals":{"required":2,"roles":["reviewer"]}`,
    ),
    found: [['lint.quorum', 'error', '2', /there is one person/]],
  },
  {
    what: 'two addresses that .mailmap joins as one',
    text: text(`${two},"approvals":{"required":2,"roles":["reviewer"]}`),
    around: { mailmap: 'Ana <ana@c.example> <ravi@c.example>' },
    found: [['lint.quorum', 'error', '2', /there is one person/]],
  },
  {
    what: 'more approvals than people the ledger knows',
    text: text('"approvals":{"required":3}'),
    around: {
      known: [
        { name: 'Ana', email: 'ana@c.example' },
        { name: 'Claude', email: 'noreply@anthropic.com' },
      ],
    },
    found: [['lint.quorum', 'warning', '3', /one person known/]],
  },
  {
    what: 'just enough people to approve',
    text: text(`${two},"approvals":{"required":2,"roles":["reviewer"]}`),
    found: [
      ['lint.tightQuorum', 'warning', '2', /only these 2 .*: nothing that one of them wrote/],
    ],
  },
  {
    what: 'nothing of just enough people where authors may approve',
    text: text(`${two},"approvals":{"required":2,"roles":["reviewer"],"contributors":true}`),
    found: [],
  },
  {
    what: 'a quota that nobody is left for',
    text: text(
      '"roles":{"reviewer":["ana@c.example","ravi@c.example","kim@c.example"],"quality":["ana@c.example"],"safety":["ana@c.example"]},"approvals":{"required":2,"roles":["reviewer"],"allOf":[{"roles":["quality"]},{"roles":["safety"]}]}',
    ),
    found: [
      ['lint.quorum', 'error', '{"roles":["safety"]}', /1 of safety, and there is nobody left/],
    ],
  },
  {
    what: 'an agent among the approvers',
    text: text(
      '"people":{"bot":{"emails":["bot@c.example"],"kind":"agent"}},"roles":{"reviewer":["bot","ana@c.example","ravi@c.example"]},"approvals":{"roles":["reviewer"]}',
    ),
    found: [['lint.agentApprover', 'warning', '"reviewer"', /bot has the role/]],
  },
  {
    what: 'a role without members',
    text: text('"roles":{"reviewer":[]},"approvals":{"roles":["reviewer"]}'),
    found: [
      ['lint.quorum', 'error', '{"roles":["reviewer"]}', /there is nobody/],
      ['lint.emptyRole', 'error', '[]', /nobody has the role "reviewer"/],
    ],
  },
  {
    what: 'a role that nobody asks for',
    text: text('"roles":{"extra":["ana@c.example"]}'),
    found: [['lint.unusedRole', 'warning', '"extra"', /no rule asks/]],
    fixed: /"roles":\s*\{\s*\},/,
  },
  {
    what: 'a group that nobody names, and a person who is in nothing',
    text: text(
      '"people":{"ana":{"emails":["a@c.example"]}},"groups":{"clinical":["x@c.example"],"@c/T":[]}',
    ),
    found: [
      ['lint.unusedGroup', 'warning', '"clinical"', /no role names/],
      ['lint.unusedGroup', 'warning', '"@c/T"', /no role and no line of CODEOWNERS/],
      ['lint.unusedPerson', 'info', '"ana"', /no role and no group/],
    ],
    fixed: /"groups":\s*\{\s*"@c\/T"/,
  },
  {
    what: 'nothing of a team that CODEOWNERS names',
    text: text('"groups":{"@c/T":["ana@c.example"]}'),
    around: { codeowners: '* @C/t' },
    found: [],
  },
  {
    what: 'what stands twice',
    text: text(
      '"roles":{"r":["ana@c.example","ravi@c.example","Ana@c.example"]},"approvals":{"roles":["r","r"]}',
    ),
    found: [
      ['lint.duplicate', 'warning', '"Ana@c.example"', /twice/],
      ['lint.duplicate', 'warning', '"r"', /twice/],
    ],
    fixed: /"r":\s*\[\s*"ana@c.example",\s*"ravi@c.example"\s*\]/,
  },
  {
    what: 'a missing CODEOWNERS',
    text: text('"approvals":{"codeowners":true}'),
    found: [['lint.codeownersMissing', 'error', 'true', /there is no such file/]],
  },
  {
    what: 'owners whom the policy does not know, of prompts alone',
    text: text(
      '"people":{"ana":{"emails":["a@c.example"],"handles":["@Ana"]}},"approvals":{"codeowners":true}',
    ),
    around: {
      codeowners: '/prompts/ @ana @Clinic/Team\n/src/ @stranger\n/lost/ @nobody',
      prompts: ['prompts/a.md', 'lost/b.md', 'alone/c.md'],
    },
    found: [
      ['lint.codeownersUnknown', 'error', '@Clinic/Team', /name it in "groups"/],
      ['lint.codeownersUnknown', 'error', '@nobody', /name it in "handles"/],
      ['lint.codeownersNobody', 'error', 'true', /nobody owns lost\/b.md, alone\/c.md/],
    ],
  },
  {
    what: 'fewer owners than approvals',
    text: text('"approvals":{"codeowners":true,"required":2}'),
    around: {
      codeowners: '* a@c.example b@c.example\n/one/ a@c.example noreply@anthropic.com\n',
      prompts: ['one/a.md', 'two/b.md'],
    },
    found: [['lint.quorum', 'error', 'true', /asks for 2 owners, .* fewer of one\/a.md/]],
  },
  {
    what: 'a line of CODEOWNERS that counts for nothing',
    text: text('"approvals":{"codeowners":true}'),
    around: { codeowners: '# x\n* a@c.example\n!x @y\n', prompts: ['a.md'] },
    found: [['lint.codeownersLine', 'warning', '!x @y', /no host understands/]],
  },
  {
    what: 'a rule that is for no prompt',
    text: text(
      '"rules":[{"name":"dosing","paths":["prompts/dose/**","prompts/**"],"approvals":{"required":2}}]',
    ),
    around: { prompts: ['prompts/a.md'] },
    found: [['lint.deadGlob', 'warning', '"prompts/dose/**"', /no tracked prompt/]],
    fixed: /"paths":\s*\[\s*"prompts\/\*\*"\s*\]/,
  },
  {
    what: 'a rule that asks for nothing',
    text: text('"rules":[{"name":"x","approvals":{"required":0}}]'),
    found: [['lint.idleRule', 'warning', '0', /asks for no approval/]],
    fixed: /"rules":\s*\[\s*\]/,
  },
  {
    what: 'a deployer who has to approve and may not',
    text: text(
      '"roles":{"r":["ana@c.example","kim@c.example"],"d":["ana@c.example"]},"approvals":{"roles":["r"],"contributors":true}',
      '"environments":{"staging":{"approvals":{"required":2},"deployers":["d"],"approverMayDeploy":false},"qa":{"approvals":{"required":1},"deployers":["d"],"approverMayDeploy":false}}',
    ),
    found: [
      ['lint.nobodyDeploys', 'error', 'false', /ana@c.example is needed to approve for staging/],
    ],
  },
  {
    what: 'break-glass that nobody else can review',
    text: text(
      '"roles":{"d":["ana@c.example"],"r":["ana@c.example"],"bots":["noreply@anthropic.com"]}',
      '"environments":{"staging":{"deployers":["d"],"breakGlass":{"review":"1d","reviewers":["r"]}},"qa":{"breakGlass":{"review":"1d","reviewers":["bots"]}},"dev":{"deployers":["d"],"breakGlass":{"review":"1d"}}}',
    ),
    found: [
      ['lint.nobodyReviews', 'warning', '["r"]', /only ana@c.example can review .* to staging/],
      ['lint.nobodyReviews', 'error', '["bots"]', /nobody can review .* to qa/],
    ],
  },
  ...['true', '{"roles":["r"]}'].map((breakGlass) => ({
    what: `break-glass to production without a review, as ${breakGlass}`,
    text: text(
      '"roles":{"r":["ana@c.example"]},"approvals":{"unattended":false},"minCheckpoint":{"size":412,"root":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}',
      `"environments":{"production":{"deployers":["r"],"breakGlass":${breakGlass}}}`,
    ),
    found: [
      ['lint.unreviewed', 'info', breakGlass, /no review .* to production ever falls due/],
    ] as const,
    fixed: /"review":\s*"24h"/,
  })),
  {
    what: 'signatures without any key',
    text: text(`${three},"approvals":{"roles":["reviewer"],"signed":true}`),
    found: [['lint.noKey', 'error', 'true', /there is no .prompt-audit\/allowed_signers: nothing/]],
  },
  {
    what: 'signatures of people without a key',
    text: text(`${three},"approvals":{"roles":["reviewer"],"signed":true}`),
    around: { allowedSigners: `ana@c.example,ravi@* ${key}\n` },
    found: [['lint.noKey', 'warning', 'true', /no key for kim@c.example$/]],
  },
  {
    what: 'production that takes anything',
    text: text('"approvals":{"required":0}', '"environments":{"production":{},"development":{}}'),
    found: [['lint.noApproval', 'warning', '0', /nobody approved/]],
  },
  {
    what: 'production that takes the word of a script',
    text: text('"version":1', '"environments":{"production":{}}'),
    found: [['lint.unattended', 'info', '{}', /with --yes, unsigned/]],
    fixed: /"approvals":\s*\{\s*"unattended":\s*false/,
  },
  {
    what: 'a strict policy without a checkpoint',
    text: text('"version":1', '"environments":{"production":{"approvals":{"unattended":false}}}'),
    found: [['lint.noCheckpoint', 'info', '1', /print one with/]],
  },
  {
    what: 'redaction by everybody',
    text: text('"roles":{"all":["*"]},"redaction":{"roles":["all"]}'),
    found: [['lint.everybodyRedacts', 'warning', '["all"]', /gone for good/]],
  },
];

describe('policy lint', () => {
  for (const { what, text: policy, around = {}, found, fixed: wanted } of cases) {
    it(`says ${what}`, () => {
      const findings = lint(policy, around);
      assert.deepEqual(
        findings.map((one) => [one.code, one.severity, marked(policy, around, one)]),
        found.map(([code, severity, place]) => [code, severity, place]),
      );
      for (const [i, one] of findings.entries()) assert.match(one.message, found[i]![3]);
      if (wanted === undefined) return;
      const after = fixed(policy, findings[0]!);
      assert.match(after, wanted);
      assert.notEqual(checkPolicy(after).policy, null, after);
      const again = lint(after, around).filter(({ message }) => message === findings[0]!.message);
      assert.deepEqual(again, []);
    });
  }

  it('has a case for each code', () => {
    const codes = new Set(cases.flatMap(({ found }) => found.map(([code]) => code)));
    for (const code of [
      'quorum',
      'tightQuorum',
      'emptyRole',
      'unusedRole',
      'unusedGroup',
      'unusedPerson',
      'duplicate',
      'agentApprover',
      'codeownersMissing',
      'codeownersLine',
      'codeownersUnknown',
      'codeownersNobody',
      'deadGlob',
      'idleRule',
      'nobodyDeploys',
      'nobodyReviews',
      'unreviewed',
      'noKey',
      'noApproval',
      'unattended',
      'noCheckpoint',
      'everybodyRedacts',
    ])
      assert.ok(codes.has(`lint.${code}`), code);
  });

  it('has nothing to say of a fresh team policy but what is worth knowing', () => {
    const fresh = policyText({ preset: 'team', ledger, email: 'ana@clinic.example' });
    const known = [{ name: 'Ana', email: 'ana@clinic.example' }];
    assert.deepEqual(
      lint(fresh, { known, prompts: [] }).map(({ severity, code }) => [severity, code]),
      [['info', 'lint.unattended']],
    );
  });

  it('says of the strict presets who is still missing', () => {
    for (const preset of ['regulated', 'gxp'] as const) {
      const fresh = policyText({ preset, ledger, email: 'ana@clinic.example' });
      assert.doesNotThrow(() => parsePolicy(fresh));
      const codes = new Set(lint(fresh).map(({ code }) => code));
      assert.ok(codes.has(preset === 'gxp' ? 'lint.quorum' : 'lint.tightQuorum'));
      const full = fresh.replaceAll(
        '["ana@clinic.example"]',
        '["ana@clinic.example", "ravi@clinic.example", "kim@clinic.example", "lee@clinic.example"]',
      );
      assert.deepEqual(
        lint(full).map(({ code }) => code),
        ['lint.noCheckpoint'],
      );
    }
  });

  it('is done with a hostile policy', () => {
    const many = Array.from({ length: 20_000 }, (_, i) => `"r${i}":[]`).join(',');
    const lines = Array.from({ length: 20_000 }, (_, i) => `!p${i} @x`).join('\n');
    const findings = lint(text(`"roles":{${many}},"approvals":{"codeowners":true}`), {
      codeowners: lines,
      prompts: ['a.md'],
    });
    assert.equal(findings.length, 1000);
  });
});
