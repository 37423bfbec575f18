import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../../tools/temporary.js';
import {
  envelopeOf,
  runInside,
  runProgram,
  type Ended,
  type Env,
  type Envelope,
} from './program.js';

export interface Person {
  readonly name: string;
  readonly email: string;
}

export const author: Person = { name: 'Ada Author', email: 'ada@clinic.example' };
export const reviewer: Person = { name: 'Ravi Reviewer', email: 'ravi@clinic.example' };
export const manager: Person = { name: 'Mira Manager', email: 'mira@clinic.example' };

/** One clone of a repository, or a plain folder, with the person who works in it. */
export class Clone {
  constructor(
    readonly folder: string,
    readonly env: Env,
    private readonly spawned: boolean,
  ) {}

  git(...args: string[]): string {
    return execFileSync('git', args, { cwd: this.folder, env: this.env, encoding: 'utf8' });
  }

  async run(...args: string[]): Promise<Ended> {
    const call = this.spawned ? runProgram : runInside;
    return call(this.folder, args, this.env);
  }

  /** Runs as somebody else, whom git learns from the environment. */
  as(person: Person): Clone {
    return new Clone(this.folder, { ...this.env, ...identity(person) }, this.spawned);
  }

  in(folder: string): Clone {
    return new Clone(path.join(this.folder, folder), this.env, this.spawned);
  }

  with(env: Env): Clone {
    return new Clone(this.folder, { ...this.env, ...env }, this.spawned);
  }

  /** Runs what must succeed without a word on standard error; gives what it printed. */
  async ok(...args: string[]): Promise<string> {
    const ended = await this.run(...args);
    assert.equal(ended.status, 0, `${args.join(' ')}: ${ended.out}${ended.err}`);
    assert.equal(ended.err, '');
    return ended.out;
  }

  async json<Row>(...args: string[]): Promise<Envelope<Row>> {
    const ended = await this.run(...args, '--json');
    assert.equal(ended.status, 0, `${args.join(' ')}: ${ended.out}${ended.err}`);
    return envelopeOf<Row>(ended);
  }

  write(file: string, text: string | Uint8Array): void {
    const place = this.path(file);
    mkdirSync(path.dirname(place), { recursive: true });
    writeFileSync(place, text);
  }

  read(file: string): Buffer {
    return readFileSync(this.path(file));
  }

  path(file: string): string {
    return path.join(this.folder, file);
  }
}

/** A temporary folder in which repositories are made that see nothing of this machine's settings. */
export class World {
  private readonly temporary: { readonly path: string; remove: () => void };
  private readonly env: Env;

  /** With `spawned` every call runs the built program; else the same code inside the test's process. */
  constructor(
    name: string,
    private readonly spawned = false,
  ) {
    this.temporary = temporaryFolder(name);
    mkdirSync(path.join(this.temporary.path, 'home'));
    this.env = isolated(this.temporary.path);
  }

  get path(): string {
    return this.temporary.path;
  }

  remove(): void {
    this.temporary.remove();
  }

  /** A folder without git. */
  folder(name: string, person: Person = author): Clone {
    const place = path.join(this.temporary.path, name);
    mkdirSync(place);
    return new Clone(place, { ...this.env, ...identity(person) }, this.spawned);
  }

  /** A new repository without a remote. */
  repository(name: string, person: Person = author): Clone {
    const clone = this.folder(name, person);
    clone.git('init', '--quiet', '--initial-branch=main');
    return clone;
  }

  /** An empty bare repository; gives its folder. */
  remote(name: string): string {
    const place = path.join(this.temporary.path, name);
    execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', place], {
      env: this.env,
    });
    return place;
  }

  clone(remote: string, name: string, person: Person): Clone {
    const place = path.join(this.temporary.path, name);
    const env = { ...this.env, ...identity(person) };
    execFileSync('git', ['clone', '--quiet', remote, place], { env, stdio: 'pipe' });
    return new Clone(place, env, this.spawned);
  }
}

function identity({ name, email }: Person): Record<string, string> {
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  };
}

function isolated(folder: string): Record<string, string> {
  const kept = ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'PATHEXT'];
  const env: Record<string, string> = {};
  for (const name of kept) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  const home = path.join(folder, 'home');
  return {
    ...env,
    HOME: home,
    USERPROFILE: home,
    XDG_CONFIG_HOME: path.join(home, '.config'),
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    // Half an hour off, so that a mistake with offsets cannot hide.
    TZ: 'Asia/Kolkata',
  };
}
