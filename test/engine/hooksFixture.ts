import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { EventRow } from '../../src/core/rows.js';
import type { HookRow } from '../../src/git/hooksApi.js';
import { envelopeOf, programFile, runInside, type Ended } from '../cli/support/program.js';
import { temporaryFolder } from '../tools/temporary.js';

export const prompt = 'prompts/triage.prompt.md';

/** A bare remote, and a clone of Ana's that has a trail, in a folder with a name that shells misread. */
export class HookedClone {
  readonly #top = temporaryFolder('hooks');
  readonly folder = join(this.#top.path, `Ana's "clone" $HOME é`);
  readonly remote = join(this.#top.path, 'remote.git');
  env: Readonly<Record<string, string>> = {
    PATH: process.env['PATH'] ?? '',
    HOME: this.#top.path,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_EDITOR: 'true',
    LC_ALL: 'C.UTF-8',
  };

  static async make({ withTrail = true } = {}): Promise<HookedClone> {
    const clone = new HookedClone();
    if (!withTrail) return clone;
    await clone.succeeds('init', '--yes');
    clone.git('.', 'add', '--all');
    clone.git('.', 'commit', '--quiet', '-m', 'the policy');
    clone.git('.', 'push', '--quiet');
    return clone;
  }

  private constructor() {
    const { path } = this.#top;
    this.git(path, 'config', '--global', 'init.defaultBranch', 'main');
    this.git(path, 'config', '--global', 'user.name', 'Ana');
    this.git(path, 'config', '--global', 'user.email', 'ana@clinic.example');
    this.git(path, 'config', '--global', 'core.autocrlf', 'false');
    this.git(path, 'init', '--quiet', '--bare', this.remote);
    this.git(path, 'clone', '--quiet', this.remote, this.folder);
    this.write(prompt, 'one\n');
    this.git('.', 'add', '--all');
    this.git('.', 'commit', '--quiet', '-m', 'before');
    this.git('.', 'push', '--quiet', 'origin', 'main');
  }

  dispose(): void {
    this.#top.remove();
  }

  at(...parts: readonly string[]): string {
    return join(this.folder, ...parts);
  }

  write(path: string, text: string | Uint8Array, mode = 0o644): void {
    mkdirSync(dirname(this.at(path)), { recursive: true });
    writeFileSync(this.at(path), text, { mode });
  }

  read(path: string): string {
    return readFileSync(this.at(path), 'latin1');
  }

  run(
    command: string,
    args: readonly string[],
    folder = '.',
    more: Record<string, string> = {},
  ): Ended {
    const cwd = folder.startsWith('/') ? folder : this.at(folder);
    const { status, stdout, stderr, error } = spawnSync(command, args, {
      cwd,
      env: { ...this.env, ...more },
    });
    if (error !== undefined) throw error;
    return { status, bytes: stdout, out: stdout.toString('utf8'), err: stderr.toString('utf8') };
  }

  /** Runs git, which must succeed; gives both outputs. */
  git(folder: string, ...args: string[]): string {
    const ended = this.run('git', args, folder);
    assert.equal(ended.status, 0, `git ${args.join(' ')}: ${ended.err}`);
    return `${ended.out}${ended.err}`.trimEnd();
  }

  /** Runs the command line, whose hooks will start the built one. */
  async prompted(...args: string[]): Promise<Ended> {
    const started = process.argv[1]!;
    process.argv[1] = programFile;
    try {
      return await runInside(this.folder, args, this.env);
    } finally {
      process.argv[1] = started;
    }
  }

  async succeeds(...args: string[]): Promise<string> {
    const ended = await this.prompted(...args);
    assert.equal(ended.status, 0, ended.out + ended.err);
    return ended.out;
  }

  async hooks(...args: string[]): Promise<readonly HookRow[]> {
    return envelopeOf<HookRow>(await this.prompted('hooks', ...args, '--json')).rows;
  }

  /** The events that tell of prompts, oldest first. */
  async events(): Promise<string[]> {
    const { rows } = envelopeOf<EventRow>(await this.prompted('log', '--json'));
    return rows.map(({ type }) => type).filter((type) => /^(prompt|revision)\./.test(type));
  }

  /** The digests of revisions that were saved, oldest first. */
  async saved(): Promise<string[]> {
    const { rows } = envelopeOf<EventRow>(await this.prompted('log', '--json'));
    const saved = rows.filter(({ type }) => type === 'revision.saved');
    return saved.map((row) => String(row.refs['digest']));
  }
}

/** Every file, folder and link below a folder: mode, bytes, target. */
export function snapshot(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(folder, entry);
    const info = lstatSync(path);
    const what = info.isSymbolicLink()
      ? readlinkSync(path)
      : info.isFile()
        ? readFileSync(path, 'latin1')
        : '';
    found[entry] = `${info.mode.toString(8)} ${what}`;
  }
  return found;
}
