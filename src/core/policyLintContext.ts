import {
  applyEdits,
  findNodeAtLocation,
  modify,
  parseTree,
  type JSONPath,
  type Node,
} from 'jsonc-parser';
import { removalOf } from './jsoncRemoval.js';
import { LintPeople } from './policyLintPeople.js';
import type { Policy } from './policy.js';
import { checkPolicy } from './policyFile.js';
import type { PolicyFix, PolicyProblemCode, TextEdit } from './policyProblem.js';

/** Kinds of findings in a text that is a valid policy. */
export type LintCode =
  /** More approvals are asked for than there are people who can give them. */
  | 'lint.quorum'
  /** Just enough people can approve, so nobody can approve what one of them wrote. */
  | 'lint.tightQuorum'
  | 'lint.emptyRole'
  | 'lint.unusedRole'
  | 'lint.unusedGroup'
  | 'lint.unusedPerson'
  | 'lint.duplicate'
  | 'lint.agentApprover'
  | 'lint.codeownersMissing'
  | 'lint.codeownersLine'
  | 'lint.codeownersUnknown'
  | 'lint.codeownersNobody'
  | 'lint.deadGlob'
  | 'lint.idleRule'
  /** Whoever may deploy has to approve, too, and may not do both. */
  | 'lint.nobodyDeploys'
  /** Break-glass that nobody else could review, or that no review follows. */
  | 'lint.nobodyReviews'
  | 'lint.unreviewed'
  | 'lint.noKey'
  | 'lint.noApproval'
  | 'lint.unattended'
  | 'lint.noCheckpoint'
  | 'lint.everybodyRedacts';

export interface LintFinding {
  readonly code: LintCode | PolicyProblemCode;
  /** `info`: worth knowing, and often meant so. */
  readonly severity: 'error' | 'warning' | 'info';
  /** The file that `offset` and `length` are in. */
  readonly file: 'policy' | 'codeowners';
  readonly message: string;
  /** UTF-16 units. */
  readonly offset: number;
  readonly length: number;
  /** Only where the file is `policy`. */
  readonly fix?: PolicyFix;
}

/** A policy text, and what stands around it. */
export interface LintInput {
  readonly text: string;
  readonly mailmap: string | null;
  readonly codeowners: string | null;
  readonly allowedSigners: string | null;
  /** Paths of the tracked prompts; null: not known, so nothing is said about them. */
  readonly prompts: readonly string[] | null;
  /** Whom the ledger knows; null: not known. */
  readonly known: readonly { readonly name: string; readonly email: string | null }[] | null;
}

const mostFindings = 1000;
/** A fix reads the whole text anew. */
const mostFixes = 50;
const longestFixed = 200_000;

/** What all checks share. */
export class LintContext {
  readonly findings: LintFinding[] = [];
  readonly input: LintInput;
  readonly policy: Policy;
  readonly people: LintPeople;
  readonly #tree: Node;
  readonly #seen = new Set<string>();
  #fixes = 0;

  constructor(input: LintInput, policy: Policy) {
    this.input = input;
    this.policy = policy;
    this.people = new LintPeople(policy, input.mailmap);
    this.#tree = parseTree(input.text.replace(/^\uFEFF/, ' '), [], { allowTrailingComma: true })!;
  }

  /** Whether no more findings are kept. */
  get isFull(): boolean {
    return this.findings.length >= mostFindings;
  }

  /** The value at a path of the policy text. */
  node(path: JSONPath): Node | undefined {
    return findNodeAtLocation(this.#tree, path);
  }

  /** The first of these paths at which something stands, else the whole text's beginning. */
  place(...paths: readonly JSONPath[]): Place {
    for (const path of paths) {
      const node = this.node(path);
      if (node !== undefined) return node;
    }
    return { offset: this.#tree.offset, length: 1 };
  }

  /** The key at a path. */
  key(path: JSONPath): Place {
    const property = this.node(path)?.parent;
    return property?.type === 'property' ? (property.children?.[0] ?? property) : this.place(path);
  }

  /** Keeps a finding; of one code only one stands at a place, for rules inherit from each other. */
  add(
    found: Omit<LintFinding, 'offset' | 'length' | 'fix' | 'file'> & {
      readonly at: Place;
      readonly file?: LintFinding['file'];
      /** Tells findings of one code at one place apart. */
      readonly about?: string;
      readonly fix?: () => PolicyFix | undefined;
    },
  ): void {
    const { at, fix, file = 'policy', about = '', ...rest } = found;
    const key = `${file} ${at.offset} ${found.code} ${about}`;
    if (this.#seen.has(key) || this.isFull) return;
    this.#seen.add(key);
    const { offset, length } = at;
    const isOffered = this.input.text.length <= longestFixed && this.#fixes < mostFixes;
    const offered = isOffered ? fix?.() : undefined;
    if (offered !== undefined) this.#fixes++;
    const finding = { ...rest, file, offset, length };
    this.findings.push(offered === undefined ? finding : { ...finding, fix: offered });
  }

  /** A fix that takes what stands at a path out of the text. */
  removal(title: string, path: JSONPath): PolicyFix | undefined {
    const node = this.node(path);
    const edit = node && removalOf(this.input.text, node);
    return edit && this.#fix(title, [edit]);
  }

  /** A fix that writes a value at a path; what leads there is made. */
  setting(title: string, path: JSONPath, value: unknown): PolicyFix | undefined {
    const formattingOptions = { insertSpaces: true, tabSize: 2, eol: '\n' };
    const edits = modify(this.input.text, path, value, { formattingOptions });
    return this.#fix(
      title,
      edits.map(({ offset, length, content }) => ({ offset, length, text: content })),
    );
  }

  /** Nothing is offered that leaves no policy behind. */
  #fix(title: string, edits: readonly TextEdit[]): PolicyFix | undefined {
    const written = edits.map(({ offset, length, text }) => ({ offset, length, content: text }));
    const after = applyEdits(this.input.text, written);
    return edits.length === 0 || checkPolicy(after).policy === null ? undefined : { title, edits };
  }
}

export interface Place {
  readonly offset: number;
  readonly length: number;
}
