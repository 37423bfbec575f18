import { parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser';
import { PromptAuditError } from './errors.js';
import { isRandomId } from './ids.js';
import type { PinnedCheckpoint, Policy } from './policy.js';
import { defaultApprovals, defaultExclude, noRedaction } from './policyDefaults.js';
import { maxPolicyDepth, tooDeepAt } from './policyDepth.js';
import { policyKeys } from './policyKeys.js';
import { readPeople } from './policyPeople.js';
import { defaultInclude } from './policyPresets.js';
import type { PolicyProblem } from './policyProblem.js';
import { PolicyReader } from './policyReader.js';
import { RuleReader } from './policyRules.js';
import { globRule, isBranchName, isGlob } from './policyTexts.js';

/** What judges where no readable policy was adopted: one approval, no environment. */
export const defaultPolicy: Policy = {
  version: 1,
  ledger: null,
  minCheckpoint: null,
  prompts: { include: [], exclude: defaultExclude },
  drafts: 'local',
  protectedBranch: null,
  people: [],
  groups: {},
  roles: {},
  approvals: defaultApprovals,
  rules: [],
  redaction: noRedaction,
  environments: [],
};

/** Mistakes in one message, and characters of each: a hostile file may have a million. */
const mostNamed = 20;
const longestNamed = 400;

/** Reads `.prompt-audit/policy.jsonc` strictly. Throws `policy.invalid` that names the mistakes by line. */
export function parsePolicy(text: string): Policy {
  const { policy, problems } = checkPolicy(text);
  if (policy !== null) return policy;
  const lines = problems
    .slice(0, mostNamed)
    .map((p) => `line ${lineOf(text, p.offset)}: ${p.message.slice(0, longestNamed)}`);
  if (problems.length > mostNamed) lines.push(`and ${problems.length - mostNamed} more`);
  throw new PromptAuditError({
    code: 'policy.invalid',
    message: `.prompt-audit/policy.jsonc is not valid: ${lines.join('; ')}.`,
    remedy: 'Correct the file. Until then nothing can be approved or deployed.',
  });
}

/** The policy, or every mistake with its place; never both. */
export function checkPolicy(
  text: string,
): { policy: Policy; problems: [] } | { policy: null; problems: readonly PolicyProblem[] } {
  const errors: ParseError[] = [];
  // Editors of Windows begin a file with a byte order mark; a space in its place keeps all offsets.
  const json = text.replace(/^\uFEFF/, ' ');
  const tooDeep = tooDeepAt(json);
  if (tooDeep !== undefined) {
    const message = `values stand more than ${maxPolicyDepth} levels deep`;
    return { policy: null, problems: [syntax(message, tooDeep, 1)] };
  }
  const tree = parseTree(json, errors, { allowTrailingComma: true });
  if (tree === undefined && json.trim() === '') {
    return { policy: null, problems: [syntax('the file is empty', 0, 0)] };
  }
  if (tree === undefined || errors.length > 0) {
    const problems = errors.map(({ error, offset, length }) =>
      syntax(`this is not valid JSON (${printParseErrorCode(error)})`, offset, length),
    );
    return { policy: null, problems };
  }
  const reader = new PolicyReader();
  const policy = readPolicy(reader, tree);
  return reader.problems.length > 0
    ? { policy: null, problems: reader.problems }
    : { policy, problems: [] };
}

function readPolicy(reader: PolicyReader, node: Node): Policy {
  const top = reader.members(node, policyKeys.top);
  const version = top.get('version');
  if (version !== undefined && version.value !== 1)
    reader.wrong(version, 'policy.value', '"version" must be 1');
  const { people, groups, roles } = readPeople(reader, top);
  const rules = new RuleReader(reader, roles);
  const approvals = rules.approvals(top.get('approvals'), defaultApprovals);
  const environments = rules.environments(top.get('environments'), approvals);
  if (node.type === 'object' && !top.has('environments'))
    reader.wrong(node, 'policy.missingKey', '"environments" is missing');
  const isDrafts = (t: string): boolean => t === 'local' || t === 'share';
  return {
    version: 1,
    ledger: reader.text(top.get('ledger'), 'the id of a ledger', isRandomId) ?? null,
    minCheckpoint: readMinCheckpoint(reader, top.get('minCheckpoint')),
    prompts: readPrompts(reader, top.get('prompts')),
    drafts: (reader.text(top.get('drafts'), '"local" or "share"', isDrafts) ??
      'local') as Policy['drafts'],
    protectedBranch:
      reader.text(top.get('protectedBranch'), 'the name of a branch', isBranchName) ?? null,
    people,
    groups,
    roles,
    approvals,
    rules: rules.extraRules(top.get('rules'), approvals, environments),
    redaction: rules.redaction(top.get('redaction')),
    environments,
  };
}

function readPrompts(reader: PolicyReader, node: Node | undefined): Policy['prompts'] {
  const globs = reader.members(node, policyKeys.prompts);
  const exclude = reader.texts(globs.get('exclude'), globRule, isGlob) ?? [];
  return {
    include: reader.texts(globs.get('include'), globRule, isGlob) ?? defaultInclude,
    exclude: [...defaultExclude, ...exclude],
  };
}

function readMinCheckpoint(reader: PolicyReader, node: Node | undefined): PinnedCheckpoint | null {
  if (node === undefined) return null;
  const members = reader.members(node, policyKeys.minCheckpoint);
  const size: unknown = members.get('size')?.value;
  const root: unknown = members.get('root')?.value;
  const bytes = typeof root === 'string' ? Buffer.from(root, 'base64') : Buffer.of();
  const fits =
    Number.isSafeInteger(size) &&
    (size as number) > 0 &&
    bytes.length === 32 &&
    bytes.toString('base64') === root;
  if (fits) return { size: size as number, root: bytes.toString('hex') };
  const message =
    '"minCheckpoint" must have "size", a number of events, and "root", the third line of a checkpoint of that size';
  reader.wrong(node, 'policy.value', message);
  return null;
}

function syntax(message: string, offset: number, length: number): PolicyProblem {
  return { code: 'policy.syntax', message, offset, length };
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
