import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { InitInput, Trail, TrailOptions } from '../../src/trail/api.js';
import { initTrail, openTrail } from '../../src/trail/openTrail.js';
import { FolderTemplate } from './folderTemplate.js';

/** What was made for clinics of this process, by what made it. */
const templates = new Map<() => Promise<void>, FolderTemplate>();

/** A bare remote and clones of it, each of its own person, in a temporary folder. */
export class Clinic {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'clinic-')));
  readonly remote = join(this.folder, 'remote.git');
  readonly #trails: Trail[] = [];

  constructor() {
    this.git('.', 'init', '--quiet', '--bare', '--initial-branch=main', this.remote);
  }

  /** A clone whose git names a person; returns its folder's name. */
  clone(name: string): string {
    const person = name[0]!.toUpperCase() + name.slice(1);
    const who = ['-c', `user.name=${person}`, '-c', `user.email=${name}@clinic.example`];
    this.git('.', 'clone', '--quiet', ...who, this.remote, name);
    return name;
  }

  /**
   * Runs `build`, the first time; whoever asks for the same again in this process gets a copy of what it made in
   * an empty clinic. It must open no trail that is used later.
   */
  async made(build: () => Promise<void>): Promise<void> {
    const template = templates.get(build);
    if (template !== undefined) return template.copyTo(this.folder);
    await build();
    templates.set(build, new FolderTemplate(this.folder));
  }

  write(clone: string, path: string, text: string | Uint8Array): void {
    const file = join(this.folder, clone, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** Runs git in a clone and gives what it prints, without the last line feed. */
  git(clone: string, ...args: string[]): string {
    const options = { cwd: join(this.folder, clone), encoding: 'utf8', stdio: 'pipe' } as const;
    return execFileSync('git', args, options).trimEnd();
  }

  /** Runs a line of shell in a clone, as an attacker or an auditor would. */
  shell(clone: string, line: string): string {
    const options = { cwd: join(this.folder, clone), encoding: 'utf8', stdio: 'pipe' } as const;
    return execFileSync('sh', ['-c', line], options).trimEnd();
  }

  /** Commits everything and pushes it to main. */
  commit(clone: string, message = 'work'): void {
    this.git(clone, 'add', '--all');
    this.git(clone, 'commit', '--quiet', '-m', message);
    this.git(clone, 'push', '--quiet', 'origin', 'HEAD:main');
  }

  async init(clone: string, input: InitInput = { preset: 'team' }): Promise<void> {
    await initTrail(this.#options(clone), input);
  }

  async open(
    clone: string,
    more: Partial<
      Pick<TrailOptions, 'autoSync' | 'warn' | 'limits' | 'watch' | 'signing' | 'login'>
    > = {},
  ): Promise<Trail> {
    const trail = await openTrail({ ...this.#options(clone), ...more });
    this.#trails.push(trail);
    return trail;
  }

  async dispose(): Promise<void> {
    for (const trail of this.#trails) await trail.close().catch(() => undefined);
    rmSync(this.folder, { recursive: true, force: true });
  }

  #options(clone: string) {
    return { folder: join(this.folder, clone), tool: 'test/1', source: 'cli' } as const;
  }
}
