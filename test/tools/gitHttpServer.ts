import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Children } from './children.js';
import { git } from './git.js';
import type { GitServer } from './gitServers.js';

export interface HttpOptions {
  /** Asked for with HTTP basic authentication; without it everybody may read and push. */
  readonly login?: { readonly user: string; readonly password: string };
}

/** git's own smart HTTP server, `git http-backend`, behind Node's HTTP server. */
export class HttpGitServer implements GitServer {
  readonly #root: string;
  readonly #login: HttpOptions['login'];
  readonly #program = join(git('.', '--exec-path'), 'git-http-backend');
  readonly #children = new Children();
  readonly #server: Server;

  static async start(root: string, options: HttpOptions = {}): Promise<HttpGitServer> {
    const server = new HttpGitServer(root, options);
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return server;
  }

  private constructor(root: string, { login }: HttpOptions) {
    this.#root = root;
    this.#login = login;
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  readonly settings = [];

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  url(repository: string, port = this.port): string {
    return `http://127.0.0.1:${port}/${repository}`;
  }

  settled(): Promise<void> {
    return this.#children.ended();
  }

  async stop(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    this.#children.kill();
    await Promise.all([closed, this.#children.ended()]);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (!this.#mayPass(request)) {
      response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="git"' }).end();
      return;
    }
    const child = spawn(this.#program, {
      env: this.#environment(request),
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#children.add(child);
    request.pipe(child.stdin);
    // The program ends early where it has to say no; it need not have read everything.
    child.stdin.on('error', () => request.resume());
    // Half a request must not look like a whole one.
    request.on('close', () => {
      if (!request.complete) child.kill('SIGKILL');
    });
    let head = Buffer.alloc(0);
    child.stdout.on('data', (chunk: Buffer) => {
      if (response.headersSent) return void response.write(chunk);
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      writeHead(response, head.toString('latin1', 0, end));
      response.write(head.subarray(end + 4));
    });
    child.once('close', () => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
    // A client that is gone wants no more of it; what it sent counts all the same.
    response.on('error', () => undefined);
  }

  #mayPass({ headers }: IncomingMessage): boolean {
    if (this.#login === undefined) return true;
    const { user, password } = this.#login;
    const wanted = Buffer.from(`${user}:${password}`).toString('base64');
    return headers.authorization === `Basic ${wanted}`;
  }

  /** What RFC 3875 and git-http-backend(1) ask for; a body without a length is read to its end. */
  #environment({ method, url = '/', headers }: IncomingMessage): NodeJS.ProcessEnv {
    const { pathname, search } = new URL(url, 'http://127.0.0.1');
    const user = this.#login?.user ?? 'anybody';
    return {
      PATH: process.env['PATH'],
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_PROJECT_ROOT: this.#root,
      GIT_HTTP_EXPORT_ALL: '1',
      // With a user named, git lets them push.
      REMOTE_USER: user,
      REMOTE_ADDR: '127.0.0.1',
      REQUEST_METHOD: method,
      PATH_INFO: decodeURIComponent(pathname),
      QUERY_STRING: search.slice(1),
      CONTENT_TYPE: headers['content-type'] ?? '',
      ...optional('CONTENT_LENGTH', headers['content-length']),
      ...optional('HTTP_CONTENT_ENCODING', headers['content-encoding']),
      ...optional('GIT_PROTOCOL', headers['git-protocol']),
    };
  }
}

const optional = (name: string, value: string | string[] | undefined): Record<string, string> =>
  typeof value === 'string' ? { [name]: value } : {};

function writeHead(response: ServerResponse, head: string): void {
  let status = 200;
  for (const line of head.split('\r\n')) {
    const [name = '', ...rest] = line.split(': ');
    const value = rest.join(': ');
    if (name.toLowerCase() === 'status') status = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
  response.writeHead(status);
}
