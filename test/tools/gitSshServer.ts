import { spawn } from 'node:child_process';
import { accessSync, constants, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { userInfo } from 'node:os';
import { delimiter, join } from 'node:path';
import type { GitServer } from './gitServers.js';
import { Children } from './children.js';
import { makeKey } from './sshAgent.js';
import { temporaryFolder } from './temporary.js';

/**
 * OpenSSH's sshd for the user who runs the tests, with keys and configuration of its own. Node listens and
 * starts one sshd for each connection, as inetd does: so no port has to be guessed.
 */
export class SshGitServer implements GitServer {
  readonly #root: string;
  readonly #keys = temporaryFolder('sshd');
  readonly #children = new Children();
  readonly #listener: Server;

  static async start(root: string): Promise<SshGitServer> {
    const server = new SshGitServer(root);
    await new Promise<void>((resolve, reject) => {
      server.#listener.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return server;
  }

  private constructor(root: string) {
    this.#root = root;
    const program = sshdProgram();
    // sshd of root wants this empty folder, which only a service makes.
    if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    const config = this.#writeConfiguration();
    const serve = (socket: Socket): void => {
      const args = ['-i', '-e', '-f', config];
      this.#children.add(spawn(program, args, { stdio: [socket, socket, 'ignore'] }));
      // The process has the connection now.
      socket.destroy();
    };
    this.#listener = createServer({ pauseOnConnect: true }, serve);
  }

  get port(): number {
    return (this.#listener.address() as AddressInfo).port;
  }

  url(repository: string, port = this.port): string {
    return `ssh://${userInfo().username}@127.0.0.1:${port}${this.#root}/${repository}`;
  }

  get settings(): readonly (readonly [string, string])[] {
    const options = [
      'IdentitiesOnly=yes',
      'IdentityAgent=none',
      'BatchMode=yes',
      'LogLevel=ERROR',
      // Proxies have other ports, and no key of this test is worth a question.
      'StrictHostKeyChecking=no',
      'UserKnownHostsFile=/dev/null',
    ];
    const words = ['ssh', '-F', 'none', '-i', `'${join(this.#keys.path, 'user')}'`];
    return [['core.sshCommand', [...words, ...options.map((one) => `-o ${one}`)].join(' ')]];
  }

  settled(): Promise<void> {
    return this.#children.ended();
  }

  async stop(): Promise<void> {
    await new Promise((resolve) => this.#listener.close(resolve));
    this.#children.kill();
    await this.#children.ended();
    this.#keys.remove();
  }

  #writeConfiguration(): string {
    const { path: folder } = this.#keys;
    makeKey(folder, 'host');
    makeKey(folder, 'user');
    copyFileSync(join(folder, 'user.pub'), join(folder, 'authorized_keys'));
    const lines = [
      `HostKey ${join(folder, 'host')}`,
      `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
      // The temporary folder lies in one that others may write to.
      'StrictModes no',
      'UsePAM no',
      'PubkeyAuthentication yes',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PermitRootLogin prohibit-password',
      'PidFile none',
      'UseDNS no',
      'PrintMotd no',
      'PrintLastLog no',
      'LogLevel QUIET',
    ];
    const config = join(folder, 'sshd_config');
    writeFileSync(config, `${lines.join('\n')}\n`);
    return config;
  }
}

/** sshd must be called by its whole path; it often lies where only root's PATH leads. */
function sshdProgram(): string {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin'];
  const found = folders.map((folder) => join(folder, 'sshd')).find(isProgram);
  if (found === undefined)
    throw new Error('There is no sshd. On Debian and Ubuntu: sudo apt-get install openssh-server');
  return found;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return file.startsWith('/');
  } catch {
    return false;
  }
}
