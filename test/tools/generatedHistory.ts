import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { gitEnvironment, git } from './git.js';
import { seeded } from './seeded.js';

export interface GeneratedInput {
  /** An empty or absent folder. */
  readonly folder: string;
  readonly commits: number;
  readonly seed: number;
}

/** A file of a tree; bytes as a latin1 string. */
interface GeneratedFile {
  readonly mode: '100644' | '100755' | '120000' | '160000';
  readonly bytes: string;
}

type Tree = ReadonlyMap<string, GeneratedFile>;

interface Branch {
  readonly name: string;
  tip: number;
  tree: Tree;
}

/**
 * Makes a repository of about that many commits in one run of `git fast-import`: merges, criss-cross, octopus, renames
 * with and without edits, of case only, reverts, deleted and restored files, wrong clocks, names and authors that are
 * not UTF-8, links, submodules, LFS pointers, CRLF, empty commits, copies of commits, several roots, and tags.
 * One seed always makes the same. Prompts are `*.prompt.md`.
 */
export function generateHistory(input: GeneratedInput): void {
  mkdirSync(input.folder, { recursive: true });
  git(input.folder, 'init', '--quiet', '--initial-branch=main');
  const stream = new Generator(input.seed).run(input.commits);
  const options = { cwd: input.folder, input: stream, env: { ...process.env, ...gitEnvironment } };
  const result = spawnSync('git', ['fast-import', '--quiet', '--force'], options);
  if (result.status !== 0) throw new Error(result.stderr.toString());
  addOldest(input.folder);
  git(input.folder, 'reset', '--quiet', '--hard', 'main');
}

/** fast-import refuses moments before 1970; git itself reads them. */
function addOldest(folder: string): void {
  const tree = git(folder, 'rev-parse', 'main^{tree}');
  const parent = git(folder, 'rev-parse', 'main');
  const blob = execFileSync('git', ['hash-object', '-w', '--stdin'], {
    cwd: folder,
    input: 'An old prompt.\n',
    encoding: 'utf8',
  }).trim();
  const list = `${git(folder, 'ls-tree', tree)}\n100644 blob ${blob}\told.prompt.md\n`;
  const run = (args: string[], text: string): string =>
    execFileSync('git', args, { cwd: folder, input: text, encoding: 'utf8' }).trim();
  const newTree = run(['mktree'], list.replace(/^.*\told\.prompt\.md\n(?=.*\told)/m, ''));
  const who = 'Old <old@example.org> -86400 +0000';
  const text = `tree ${newTree}\nparent ${parent}\nauthor ${who}\ncommitter ${who}\n\nbefore 1970\n`;
  const commit = run(['hash-object', '-t', 'commit', '-w', '--stdin', '--literally'], text);
  git(folder, 'update-ref', 'refs/heads/main', commit);
}

const words =
  'ask tell patient doctor answer short long never always list check risk note say why'.split(' ');
/** As latin1 strings: some are UTF-8, one is latin1, one says so. */
const utf8 = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
const people = [
  'Ana <ana@clinic.example>',
  'Ravi <ravi@clinic.example>',
  `${utf8('Zoë Ünal')} <zoe@clinic.example>`,
  'Ren\xe9 <rene@clinic.example>',
  'Claude <noreply@anthropic.com>',
  'dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>',
  ' <>',
];
const trailers = [
  '',
  '',
  '\n\nCo-authored-by: Mei <mei@clinic.example>',
  '\n\nCo-Authored-By: Claude <noreply@anthropic.com>\nCo-authored-by: Ravi <ravi@clinic.example>',
];

class Generator {
  readonly #random: () => number;
  readonly #out: Buffer[] = [];
  readonly #branches: Branch[] = [];
  readonly #trees = new Map<number, Tree>();
  #mark = 0;
  #made = 0;
  #files = 0;
  #lost: (readonly [string, GeneratedFile])[] = [];

  constructor(seed: number) {
    this.#random = seeded(seed);
  }

  run(commits: number): Buffer {
    this.#root('main');
    while (this.#made < commits) this.#step();
    // Everything is reachable from a branch; some tags stand on the way.
    return Buffer.concat(this.#out);
  }

  #step(): void {
    const roll = this.#random();
    const branch = this.#pick(this.#branches);
    if (roll < 0.04 && this.#branches.length < 12) this.#fork(branch);
    else if (roll < 0.045 && this.#branches.length < 14) this.#root(`root-${this.#made}`);
    else if (roll < 0.1) this.#merge(branch, 1);
    else if (roll < 0.11) this.#merge(branch, 2 + this.#below(3));
    else if (roll < 0.12) this.#crissCross(branch);
    else if (roll < 0.14) this.#copyOf(branch);
    else if (roll < 0.15) this.#tag(branch);
    else this.#commit(branch, this.#changed(branch.tree));
  }

  #root(name: string): void {
    const branch: Branch = { name, tip: 0, tree: new Map() };
    this.#branches.push(branch);
    const tree = new Map<string, GeneratedFile>([['README.md', this.#text()]]);
    for (let i = 0; i < 4; i++) tree.set(this.#newName(), this.#text());
    this.#commit(branch, tree);
  }

  #fork(from: Branch): void {
    const branch = { name: `topic-${this.#made}`, tip: from.tip, tree: from.tree };
    this.#branches.push(branch);
    this.#commit(branch, this.#changed(from.tree));
  }

  /** Takes each path from one of the parents; sometimes with bytes of its own. */
  #merge(branch: Branch, others: number): void {
    const theirs = this.#branches
      .filter(({ tip }) => tip !== branch.tip)
      .sort(() => this.#random() - 0.5)
      .slice(0, others);
    if (theirs.length === 0) return;
    this.#commit(
      branch,
      this.#merged(branch, theirs),
      theirs.map(({ tip }) => tip),
    );
  }

  #merged(branch: Branch, theirs: readonly Branch[]): Map<string, GeneratedFile> {
    const tree = new Map(branch.tree);
    for (const { tree: other } of theirs)
      for (const [path, file] of other)
        if (!tree.has(path) || this.#random() < 0.4) tree.set(path, file);
    for (const path of [...tree.keys()])
      if (theirs.some(({ tree: other }) => !other.has(path)) && this.#random() < 0.1)
        tree.delete(path);
    if (this.#random() < 0.4) this.#edit(tree);
    if (this.#random() < 0.1) this.#drop(tree);
    return this.#random() < 0.1 ? this.#changed(tree) : tree;
  }

  /** Two branches that each take the other one at the same moment. */
  #crissCross(branch: Branch): void {
    const other = this.#pick(this.#branches);
    if (other.tip === branch.tip) return;
    const [a, b] = [branch.tip, other.tip];
    const [ours, theirs] = [this.#merged(branch, [other]), this.#merged(other, [branch])];
    this.#commit(branch, ours, [b]);
    this.#commit(other, theirs, [a]);
  }

  /** The same change by the same author at the same time on another branch, as a cherry-pick leaves it. */
  #copyOf(branch: Branch): void {
    const other = this.#pick(this.#branches);
    if (other.tip === branch.tip) return;
    const stamp = this.#stamp();
    const path = [...branch.tree.keys()].find((one) => isPrompt(one) && other.tree.has(one));
    if (path === undefined) return;
    const file = this.#text();
    for (const one of [branch, other])
      this.#commit(one, new Map([...one.tree, [path, file]]), [], stamp);
  }

  #tag({ tip }: Branch): void {
    const name = `v${this.#made}`;
    if (this.#random() < 0.5) this.#line(`reset refs/tags/${name}`, `from :${tip}`, '');
    else
      this.#line(
        `tag ${name}`,
        `from :${tip}`,
        `tagger Ana <ana@clinic.example> 1600000000 +0100`,
        'data 3',
        'tag',
      );
  }

  #changed(before: Tree): Map<string, GeneratedFile> {
    const tree = new Map(before);
    const roll = this.#random();
    if (roll < 0.5) this.#edit(tree);
    else if (roll < 0.6) tree.set(this.#newName(), this.#text());
    else if (roll < 0.66) this.#rename(tree, false);
    else if (roll < 0.72) this.#rename(tree, true);
    else if (roll < 0.74) this.#recase(tree);
    else if (roll < 0.79) this.#drop(tree);
    else if (roll < 0.83) this.#restore(tree);
    else if (roll < 0.86) tree.set(`src/code-${this.#below(40)}.ts`, this.#text());
    else if (roll < 0.88) this.#rename(tree, true, 'docs/moved-');
    else if (roll < 0.94) this.#oddity(tree);
    return tree;
  }

  #oddity(tree: Map<string, GeneratedFile>): void {
    const n = this.#below(5);
    const odd: (readonly [string, GeneratedFile])[] = [
      [`link-${n}.prompt.md`, { mode: '120000', bytes: 'README.md' }],
      [`sub-${n}.prompt.md`, { mode: '160000', bytes: 'a'.repeat(40) }],
      [`caf\xe9-${n}.prompt.md`, this.#text()],
      [utf8(`prompts/größe-${n}.prompt.md`), this.#text()],
      [
        `big-${n}.prompt.md`,
        {
          mode: '100644',
          bytes: `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(63)}${n}\nsize ${this.#below(1e6)}\n`,
        },
      ],
      [`crlf-${n}.prompt.md`, { mode: '100644', bytes: this.#text().bytes.replace(/\n/g, '\r\n') }],
      [`prompts/"odd"\t${n}.prompt.md`, { ...this.#text(), mode: '100755' }],
      // A file becomes a link, or back.
      [this.#somePrompt(tree) ?? 'x.prompt.md', { mode: '120000', bytes: 'README.md' }],
    ];
    tree.set(...this.#pick(odd));
  }

  #edit(tree: Map<string, GeneratedFile>): void {
    for (let i = 0; i <= this.#below(2); i++) {
      const path = this.#somePrompt(tree);
      if (path !== undefined) tree.set(path, this.#edited(tree.get(path)!));
    }
    // A revert: bytes that were there before.
    const path = this.#somePrompt(tree);
    const old = this.#lost.findLast(([lost]) => lost === path);
    if (this.#random() < 0.1 && old !== undefined) tree.set(...old);
  }

  #edited(file: GeneratedFile): GeneratedFile {
    if (file.mode === '120000' || file.mode === '160000') return this.#text();
    const lines = file.bytes.split('\n');
    lines[this.#below(lines.length)] = `${this.#sentence()} ${this.#made}`;
    return { ...file, bytes: lines.join('\n') };
  }

  #rename(tree: Map<string, GeneratedFile>, edits: boolean, to = 'prompts/moved-'): void {
    const path = this.#somePrompt(tree);
    if (path === undefined) return;
    const file = tree.get(path)!;
    tree.delete(path);
    tree.set(`${to}${this.#files++}.prompt.md`, edits ? this.#edited(file) : file);
  }

  #recase(tree: Map<string, GeneratedFile>): void {
    const path = this.#somePrompt(tree);
    if (path === undefined) return;
    const file = tree.get(path)!;
    tree.delete(path);
    const name = path.replace(/[a-z](?=[^/]*\.prompt\.md$)/, (c) => c.toUpperCase());
    tree.set(name, file);
  }

  #drop(tree: Map<string, GeneratedFile>): void {
    const path = this.#somePrompt(tree);
    if (path === undefined) return;
    this.#lost = [...this.#lost.slice(-20), [path, tree.get(path)!]];
    tree.delete(path);
  }

  #restore(tree: Map<string, GeneratedFile>): void {
    const [path, file] = this.#lost.at(-1 - this.#below(5)) ?? [];
    if (path !== undefined && file !== undefined) tree.set(path, file);
  }

  #somePrompt(tree: Tree): string | undefined {
    const prompts = [...tree.keys()].filter(isPrompt);
    return prompts.length === 0 ? undefined : this.#pick(prompts);
  }

  #commit(
    branch: Branch,
    tree: ReadonlyMap<string, GeneratedFile>,
    others: readonly number[] = [],
    stamp = this.#stamp(),
  ): void {
    const mark = ++this.#mark;
    this.#line(`commit refs/heads/${branch.name}`, `mark :${mark}`, `author ${stamp}`);
    this.#line(
      `committer ${this.#pick(people.slice(0, 3))} ${1_500_000_000 + this.#made * 60} +0000`,
    );
    const message = `change ${this.#made}${this.#pick(trailers)}`;
    this.#line(`data ${message.length}`, message);
    if (branch.tip > 0) this.#line(`from :${branch.tip}`);
    for (const other of others) if (other !== branch.tip) this.#line(`merge :${other}`);
    const before = branch.tip > 0 ? this.#trees.get(branch.tip)! : new Map<string, GeneratedFile>();
    for (const path of before.keys()) if (!tree.has(path)) this.#line(`D ${quoted(path)}`);
    for (const [path, file] of tree) {
      if (before.get(path) === file) continue;
      if (file.mode === '160000') this.#line(`M 160000 ${file.bytes} ${quoted(path)}`);
      else
        this.#line(
          `M ${file.mode} inline ${quoted(path)}`,
          `data ${file.bytes.length}`,
          file.bytes,
        );
    }
    this.#line('');
    this.#trees.set(mark, tree);
    branch.tip = mark;
    branch.tree = tree;
    this.#made++;
  }

  /** Distinct moments, but for a few clocks that are far off. */
  #stamp(): string {
    const roll = this.#random();
    const base = roll < 0.01 ? 0 : roll < 0.02 ? 4_102_444_800 : 1_500_000_000;
    return `${this.#pick(people)} ${base + this.#made * 60} ${this.#pick(['+0000', '-0730', '+1400'])}`;
  }

  #newName(): string {
    return `${this.#pick(['', 'prompts/', 'a/b/'])}${this.#pick(words)}-${this.#files++}.prompt.md`;
  }

  #text(): GeneratedFile {
    const lines = Array.from({ length: 6 + this.#below(20) }, () => this.#sentence());
    return { mode: '100644', bytes: `${lines.join('\n')}\n` };
  }

  #sentence(): string {
    return Array.from({ length: 6 }, () => this.#pick(words)).join(' ');
  }

  #line(...lines: string[]): void {
    this.#out.push(Buffer.from(`${lines.join('\n')}\n`, 'latin1'));
  }

  #pick<T>(all: readonly T[]): T {
    return all[this.#below(all.length)]!;
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }
}

const isPrompt = (path: string): boolean => path.endsWith('.prompt.md');

/** A path as fast-import takes it, byte by byte. */
function quoted(path: string): string {
  const escaped = path.replace(
    /["\\]|[^\x20-\x7e]/g,
    (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
  return `"${escaped}"`;
}
