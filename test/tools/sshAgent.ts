import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface KeyPair {
  /** The private key's file; `.pub` stands beside it. */
  readonly file: string;
  /** `TYPE BASE64`. */
  readonly line: string;
}

/** Makes a key with ssh-keygen. */
export function makeKey(folder: string, name: string, passphrase = ''): KeyPair {
  const file = join(folder, name);
  const args = ['-q', '-t', 'ed25519', '-N', passphrase, '-C', `${name}@test`, '-f', file];
  execFileSync('ssh-keygen', args, { stdio: 'pipe' });
  const line = readFileSync(`${file}.pub`, 'utf8').split(' ').slice(0, 2).join(' ');
  return { file, line };
}

/** An SSH agent of the test's own. End it with `stop`. */
export class SshAgent {
  readonly folder = mkdtempSync(join(tmpdir(), 'agent-'));
  readonly socket = join(this.folder, 's');
  #process: ChildProcess | null = null;

  async start(): Promise<void> {
    const there = new Promise<void>((resolve) => {
      const watcher = watch(this.folder, () => {
        if (!existsSync(this.socket)) return;
        watcher.close();
        resolve();
      });
    });
    this.#process = spawn('ssh-agent', ['-D', '-a', this.socket], { stdio: 'ignore' });
    await there;
  }

  add(file: string): void {
    const env = { ...process.env, SSH_AUTH_SOCK: this.socket };
    execFileSync('ssh-add', ['-q', file], { env, stdio: 'pipe' });
  }

  stop(): void {
    this.#process?.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
