import {
  getNodeValue,
  parseTree,
  printParseErrorCode,
  type Node,
  type ParseError,
} from 'jsonc-parser';
import { PromptAuditError } from './errors.js';
import { environmentPattern } from './eventShape.js';
import { isRandomId } from './ids.js';
import { maxPolicyDepth, tooDeepAt } from './policyDepth.js';
import type {
  ApprovalRule,
  EnvironmentRule,
  PinnedCheckpoint,
  Policy,
  RedactionRule,
} from './policy.js';
import { defaultInclude } from './policyPresets.js';

/** A mistake in a policy file, with its place in the text (UTF-16 units). */
export interface PolicyProblem {
  readonly message: string;
  readonly offset: number;
  readonly length: number;
}

export const defaultExclude: readonly string[] = ['**/node_modules/**', '.prompt-audit/**'];

const defaultApprovals: ApprovalRule = {
  required: 1,
  roles: [],
  allOf: [],
  codeowners: false,
  contributors: false,
  unattended: true,
  signed: false,
  sameClone: true,
  expires: null,
  reason: false,
  meanings: [],
  otherPolicy: true,
  scoped: false,
  openComments: true,
};

/** Where the policy does not say who may redact, nobody may: what is gone cannot be brought back. */
const noRedaction: RedactionRule = { roles: [], unattended: true };

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
    return { policy: null, problems: [{ message, offset: tooDeep, length: 1 }] };
  }
  const tree = parseTree(json, errors, { allowTrailingComma: true });
  if (tree === undefined && json.trim() === '') {
    return { policy: null, problems: [{ message: 'the file is empty', offset: 0, length: 0 }] };
  }
  if (tree === undefined || errors.length > 0) {
    const problems = errors.map(({ error, offset, length }) => ({
      message: `this is not valid JSON (${printParseErrorCode(error)})`,
      offset,
      length,
    }));
    return { policy: null, problems };
  }
  const reader = new PolicyReader();
  const policy = reader.policy(tree);
  return reader.problems.length > 0
    ? { policy: null, problems: reader.problems }
    : { policy, problems: [] };
}

class PolicyReader {
  readonly problems: PolicyProblem[] = [];
  #roles: Readonly<Record<string, readonly string[]>> = {};

  policy(node: Node): Policy {
    const top = this.#members(node, [
      '$schema',
      'version',
      'ledger',
      'minCheckpoint',
      'prompts',
      'drafts',
      'protectedBranch',
      'roles',
      'approvals',
      'redaction',
      'environments',
    ]);
    if (this.#value(top.get('version'), 1) !== 1)
      this.#wrong(top.get('version') ?? node, '"version" must be 1');
    this.#roles = this.#roleTable(top.get('roles'));
    const approvals = this.#approvals(top.get('approvals'), defaultApprovals);
    const ledger = this.#text(top.get('ledger'), 'the id of a ledger', isRandomId);
    const prompts = top.get('prompts');
    const globs = prompts
      ? this.#members(prompts, ['include', 'exclude'])
      : new Map<string, Node>();
    if (!top.has('environments')) this.#wrong(node, '"environments" is missing');
    return {
      version: 1,
      ledger: ledger ?? null,
      minCheckpoint: this.#minCheckpoint(top.get('minCheckpoint')),
      prompts: {
        include: this.#texts(globs.get('include'), globRule, isGlob) ?? defaultInclude,
        exclude: [
          ...defaultExclude,
          ...(this.#texts(globs.get('exclude'), globRule, isGlob) ?? []),
        ],
      },
      drafts: (this.#text(
        top.get('drafts'),
        '"local" or "share"',
        (t) => t === 'local' || t === 'share',
      ) ?? 'local') as Policy['drafts'],
      protectedBranch:
        this.#text(top.get('protectedBranch'), 'the name of a branch', isBranchName) ?? null,
      people: [],
      groups: {},
      roles: this.#roles,
      approvals,
      rules: [],
      redaction: this.#redaction(top.get('redaction')),
      environments: this.#environments(top.get('environments'), approvals),
    };
  }

  #minCheckpoint(node: Node | undefined): PinnedCheckpoint | null {
    if (node === undefined) return null;
    const members = this.#members(node, ['size', 'root']);
    const size = this.#value(members.get('size'), null);
    const root = this.#value(members.get('root'), null);
    const bytes = typeof root === 'string' ? Buffer.from(root, 'base64') : Buffer.of();
    const fits =
      Number.isSafeInteger(size) &&
      (size as number) > 0 &&
      bytes.length === 32 &&
      bytes.toString('base64') === root;
    if (!fits) {
      this.#wrong(
        node,
        '"minCheckpoint" must have "size", a number of events, and "root", the third line of a checkpoint of that size',
      );
      return null;
    }
    return { size: size as number, root: bytes.toString('hex') };
  }

  #roleTable(node: Node | undefined): Record<string, readonly string[]> {
    const table: Record<string, readonly string[]> = {};
    for (const [name, value] of node ? this.#members(node) : []) {
      const people = this.#texts(
        value,
        'an e-mail address or "*"',
        (t) => t === '*' || t.includes('@'),
      );
      table[name] = (people ?? []).map((p) => p.toLowerCase());
    }
    return table;
  }

  #environments(node: Node | undefined, approvals: ApprovalRule): EnvironmentRule[] {
    if (node === undefined) return [];
    const rules = [...this.#members(node)].map(([name, value]) => {
      if (!environmentPattern.test(name)) {
        this.#wrong(
          value.parent ?? value,
          `"${name}" is no environment name: use a-z, 0-9, ".", "_" and "-"`,
        );
      }
      const members = this.#members(value, [
        'approvals',
        'deployers',
        'approverMayDeploy',
        'breakGlass',
      ]);
      return {
        name,
        approvals: this.#approvals(members.get('approvals'), approvals),
        deployers: this.#roleNames(members.get('deployers')) ?? [],
        approverMayDeploy: this.#flag(members.get('approverMayDeploy'), true),
        contributorMayDeploy: true,
        breakGlass: this.#flag(members.get('breakGlass'), false),
      };
    });
    if (rules.length === 0 && node.type === 'object')
      this.#wrong(node, 'at least one environment is needed');
    return rules;
  }

  #approvals(node: Node | undefined, base: ApprovalRule): ApprovalRule {
    if (node === undefined) return base;
    const members = this.#members(node, [
      'required',
      'roles',
      'contributors',
      'unattended',
      'signed',
    ]);
    const required = this.#value(members.get('required'), base.required);
    const fits =
      Number.isInteger(required) && (required as number) >= 0 && (required as number) <= 20;
    if (!fits)
      this.#wrong(
        members.get('required') ?? node,
        '"required" must be a whole number from 0 to 20',
      );
    return {
      ...base,
      required: fits ? (required as number) : base.required,
      roles: this.#roleNames(members.get('roles')) ?? base.roles,
      contributors: this.#flag(members.get('contributors'), base.contributors),
      unattended: this.#flag(members.get('unattended'), base.unattended),
      signed: this.#flag(members.get('signed'), base.signed),
    };
  }

  #redaction(node: Node | undefined): RedactionRule {
    if (node === undefined) return noRedaction;
    const members = this.#members(node, ['roles', 'unattended']);
    const roles = this.#roleNames(members.get('roles')) ?? [];
    // An empty list means "everybody" elsewhere; for what cannot be undone that must be said.
    if (roles.length === 0 && node.type === 'object')
      this.#wrong(
        members.get('roles') ?? node,
        '"roles" must name the role that may redact; a role with the member "*" is everybody',
      );
    const unattended = this.#flag(members.get('unattended'), noRedaction.unattended);
    return { roles, unattended };
  }

  #roleNames(node: Node | undefined): readonly string[] | undefined {
    const names = this.#texts(node, 'the name of a role');
    for (const [i, name] of (names ?? []).entries()) {
      if (!Object.hasOwn(this.#roles, name)) {
        this.#wrong(
          node?.children?.[i] ?? node!,
          `the role "${name}" is not defined under "roles"`,
        );
      }
    }
    return names;
  }

  /** The members of an object; with `allowed` every other key is a mistake, and so is every repeated one. */
  #members(node: Node, allowed?: readonly string[]): Map<string, Node> {
    const members = new Map<string, Node>();
    if (node.type !== 'object') {
      this.#wrong(node, 'an object is expected here');
      return members;
    }
    for (const property of node.children ?? []) {
      const [key, value] = property.children ?? [];
      if (key === undefined || value === undefined) continue;
      const name = String(key.value);
      if (members.has(name)) this.#wrong(key, `"${name}" stands here twice`);
      else if (name === '__proto__' || (allowed && !allowed.includes(name))) {
        this.#wrong(key, `unknown key "${name}"${allowed ? nearest(name, allowed) : ''}`);
      } else members.set(name, value);
    }
    return members;
  }

  #flag(node: Node | undefined, fallback: boolean): boolean {
    const value = this.#value(node, fallback);
    if (typeof value === 'boolean') return value;
    this.#wrong(node!, 'true or false is expected here');
    return fallback;
  }

  #text(node: Node | undefined, what: string, fits: (t: string) => boolean): string | undefined {
    if (node === undefined || node.type === 'null') return undefined;
    if (node.type === 'string' && fits(node.value as string)) return node.value as string;
    this.#wrong(node, `${what} is expected here`);
    return undefined;
  }

  #texts(
    node: Node | undefined,
    what: string,
    fits: (t: string) => boolean = (t) => t.length > 0,
  ): readonly string[] | undefined {
    if (node === undefined) return undefined;
    if (node.type !== 'array') {
      this.#wrong(node, 'a list is expected here');
      return undefined;
    }
    return (node.children ?? []).flatMap((child) => this.#text(child, what, fits) ?? []);
  }

  #value(node: Node | undefined, fallback: unknown): unknown {
    return node === undefined ? fallback : getNodeValue(node);
  }

  #wrong(node: Node, message: string): void {
    this.problems.push({ message, offset: node.offset, length: node.length });
  }
}

const globRule = 'a glob of at most 256 characters and 20 wildcards';

/** Bounded, because a hostile glob could keep the matcher busy for ever. */
function isGlob(text: string): boolean {
  return text.length > 0 && text.length <= 256 && (text.match(/[*+?@!([{]/g)?.length ?? 0) <= 20;
}

/** A cautious part of git's rules: what is refused here could be read as an option or a revision range. */
function isBranchName(text: string): boolean {
  return /^[^-\s~^:?*[\\\p{Cc}][^\s~^:?*[\\\p{Cc}]*$/u.test(text) && !text.includes('..');
}

function nearest(name: string, allowed: readonly string[]): string {
  const start = name.slice(0, 3).toLowerCase();
  const found = allowed.find((key) => key.toLowerCase().startsWith(start));
  return found ? ` (did you mean "${found}"?)` : `; known keys: ${allowed.join(', ')}`;
}

function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
