import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { git, gitEnvironment } from './git.js';

/**
 * Makes a repository as a program with prompts has it: some hundred source files of which each commit changes three, forty
 * prompts of which one commit in five changes one, and every tenth commit a merge. The same for one seed.
 */
export function generateWork(input: { folder: string; commits: number; seed: number }): void {
  const { folder, commits } = input;
  mkdirSync(folder, { recursive: true });
  git(folder, 'init', '--quiet', '--initial-branch=main');
  git(folder, 'config', 'user.name', 'Bench');
  git(folder, 'config', 'user.email', 'bench@clinic.example');
  let state = input.seed;
  const below = (limit: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % limit;
  };
  const out: string[] = [];
  const text = (lines: number): string =>
    Array.from({ length: lines }, () => `line ${below(1e6)} of ${below(1e6)}`).join('\n') + '\n';
  const texts = new Map<string, string[]>();
  /** A file with one line changed. */
  const change = (path: string, lines: number): void => {
    const own = texts.get(path) ?? text(lines).split('\n');
    own[below(own.length)] = `line ${below(1e6)} of ${below(1e6)}`;
    texts.set(path, own);
    const bytes = own.join('\n');
    out.push(`M 100644 inline ${path}\ndata ${bytes.length}\n${bytes}\n`);
  };
  const commit = (mark: number, parents: readonly number[], act: () => void): void => {
    const when = `${1_500_000_000 + mark * 60} +0000`;
    const person = `P${mark % 7} <p${mark % 7}@clinic.example>`;
    const message = `change ${mark}`;
    out.push(`commit refs/heads/main\nmark :${mark}\nauthor ${person} ${when}\n`);
    out.push(`committer ${person} ${when}\ndata ${message.length}\n${message}\n`);
    const [first, ...others] = parents;
    if (first !== undefined) out.push(`from :${first}\n`);
    for (const other of others) out.push(`merge :${other}\n`);
    act();
    out.push('\n');
  };
  commit(1, [], () => {
    for (let i = 0; i < 400; i++) change(`src/part-${i % 20}/file-${i}.ts`, 60);
    for (let i = 0; i < 40; i++) change(`prompts/p${i}.prompt.md`, 30);
  });
  for (let mark = 2; mark <= commits; mark++) {
    const parents = mark % 10 === 0 && mark > 2 ? [mark - 2, mark - 1] : [mark - 1];
    commit(mark, parents, () => {
      for (let i = 0; i < 3; i++) {
        const n = below(400);
        change(`src/part-${n % 20}/file-${n}.ts`, 60);
      }
      if (mark % 5 === 1) change(`prompts/p${below(40)}.prompt.md`, 30);
    });
  }
  const options = { cwd: folder, input: out.join(''), env: { ...process.env, ...gitEnvironment } };
  const result = spawnSync('git', ['fast-import', '--quiet'], options);
  if (result.status !== 0) throw new Error(result.stderr.toString());
  git(folder, 'reset', '--quiet', '--hard', 'main');
}
