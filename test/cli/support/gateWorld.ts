import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { GateRow } from '../../../src/core/gateRows.js';
import { envelopeOf, type Ended, type Env, type Envelope } from './program.js';
import { author, Clone, reviewer, World } from './world.js';

export const triage = 'prompts/triage.prompt.md';
export const letter = 'prompts/letter.prompt.md';

/** A shared repository whose main has two approved prompts and a policy; its author and its reviewer. */
export class GateWorld {
  readonly world: World;
  readonly remote: string;
  readonly ada: Clone;
  readonly ravi: Clone;
  #clones = 0;

  static async begin(
    name: string,
    policy?: (text: string) => string,
    spawned = false,
  ): Promise<GateWorld> {
    const world = new World(name, spawned);
    const remote = world.remote('remote.git');
    const ada = world.clone(remote, 'ada', author);
    ada.git('switch', '--quiet', '--create', 'main');
    ada.write(triage, 'Triage, first.\n');
    ada.write(letter, 'Write a letter.\n');
    ada.write('README.md', 'A clinic.\n');
    await ada.ok('init', '--yes');
    const file = '.prompt-audit/policy.jsonc';
    if (policy) ada.write(file, policy(ada.read(file).toString('utf8')));
    ada.git('add', '--all');
    ada.git('commit', '--quiet', '--message=Begin');
    ada.git('push', '--quiet', '--set-upstream', 'origin', 'main');
    const ravi = world.clone(remote, 'ravi', reviewer);
    const gate = new GateWorld(world, remote, ada, ravi);
    await gate.approve(triage);
    await gate.approve(letter);
    return gate;
  }

  private constructor(world: World, remote: string, ada: Clone, ravi: Clone) {
    this.world = world;
    this.remote = remote;
    this.ada = ada;
    this.ravi = ravi;
  }

  end(): void {
    this.world.remove();
  }

  /** Ada begins a branch at main. */
  branch(name: string): void {
    this.ada.git('switch', '--quiet', '--force-create', name, 'origin/main');
  }

  /** Ada commits all that she has, and pushes her branch. */
  push(message = 'Change'): void {
    this.ada.git('add', '--all');
    this.ada.git('commit', '--quiet', '--allow-empty', `--message=${message}`);
    this.ada.git('push', '--quiet', '--force', 'origin', 'HEAD');
  }

  /** Ada proposes the text that is in her folder. */
  async propose(prompt: string): Promise<void> {
    await this.ada.ok('propose', prompt, '-m', 'Because');
  }

  /** What Ada has in her folder is proposed, and Ravi approves it. */
  async approve(prompt: string): Promise<void> {
    await this.propose(prompt);
    await this.ravi.ok('approve', prompt, '--yes');
  }

  /** What a host's CI has: no person, the newest commit of a ref only, HEAD at no branch. */
  ci(ref: string, more: Env = {}): Clone {
    const folder = path.join(this.world.path, `ci-${++this.#clones}`);
    const env = { ...withoutPerson(this.ada.env), ...more };
    const git = (...args: string[]): void =>
      void execFileSync('git', args, { cwd: this.world.path, env, stdio: 'pipe' });
    git('init', '--quiet', folder);
    git('-C', folder, 'remote', 'add', 'origin', `file://${this.remote}`);
    // As actions/checkout does it: the commit gets a name of its own.
    const name = ref.replace(/^refs\/(heads\/)?/, 'refs/remotes/');
    git('-C', folder, 'fetch', '--quiet', '--no-tags', '--depth=1', 'origin', `+${ref}:${name}`);
    git('-C', folder, 'checkout', '--quiet', '--force', name);
    return new Clone(folder, env, false);
  }

  /** The merge commit that a host makes for a pull request. */
  mergeRef(branch: string, number: number): string {
    const { ada } = this;
    ada.git('fetch', '--quiet', 'origin');
    ada.git('switch', '--quiet', '--detach', 'origin/main');
    ada.git('merge', '--quiet', '--no-ff', '--message=Merge', `origin/${branch}`);
    const ref = `refs/pull/${number}/merge`;
    ada.git('push', '--quiet', '--force', 'origin', `HEAD:${ref}`);
    ada.git('switch', '--quiet', '-');
    return ref;
  }
}

function withoutPerson(env: Env): Env {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^GIT_(AUTHOR|COMMITTER)_/.test(name)),
  );
}

/** Runs the gate; its answer, and how it ended. */
export async function gateIn(
  clone: Clone,
  ...args: string[]
): Promise<{ readonly ended: Ended; readonly answer: Envelope<GateRow> }> {
  const ended = await clone.run('gate', ...args, '--json');
  if (ended.out === '') throw new Error(ended.err);
  return { ended, answer: envelopeOf<GateRow>(ended) };
}

/** `verdict change path: codes` of each row. */
export const said = ({ rows }: Envelope<GateRow>): string[] =>
  rows.map(({ verdict, change, path: at, from, reasons, version }) => {
    const place = from === null ? at : `${from} > ${at}`;
    const codes = reasons.map(({ code }) => code).join(' ');
    return `${verdict} ${change} ${place} ${version ?? '-'}${codes === '' ? '' : `: ${codes}`}`;
  });

/** All refs of a repository, and all files of its folder that git does not have. */
export function stateOf(clone: Clone): string {
  const files = readdirSync(clone.folder, { recursive: true, encoding: 'utf8' });
  const own = files.filter((file) => !file.startsWith('.git')).sort();
  return [clone.git('for-each-ref'), ...own].join('\n');
}
