import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** `up`: from the client to the server. */
export type Direction = 'up' | 'down';

/** The network fails as soon as so many bytes went this way, over all connections. */
export interface Cut {
  readonly direction: Direction;
  readonly after: number;
}

/** A port on 127.0.0.1 that leads to another one, until the network fails. */
export class CuttingProxy {
  readonly #target: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #cut: Cut | null = null;
  #passed: Record<Direction, number> = { up: 0, down: 0 };
  #isDown = false;

  static async start(target: number): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  private constructor(target: number) {
    this.#target = target;
    this.#server = createServer((client) => this.#serve(client));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Bytes that went through since the last `restore`. */
  get traffic(): Readonly<Record<Direction, number>> {
    return { ...this.#passed };
  }

  /** Whether the network failed since the last `restore`; it stays so until the next. */
  get isDown(): boolean {
    return this.#isDown;
  }

  /** The network works again, until the next cut. */
  restore(cut: Cut | null = null): void {
    this.#cut = cut;
    this.#passed = { up: 0, down: 0 };
    this.#isDown = false;
  }

  /** The network fails now. */
  fail(): void {
    this.#isDown = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.fail();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(client: Socket): void {
    const server = connect(this.#target, '127.0.0.1');
    this.#forward('up', client, server);
    this.#forward('down', server, client);
    if (this.#isDown) this.fail();
  }

  #forward(direction: Direction, from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.on('data', (chunk: Buffer) => this.#pass(direction, chunk, from, to));
    from.on('end', () => to.end());
    // What a broken connection says is no news here.
    from.on('error', () => to.destroy());
    from.on('close', () => this.#sockets.delete(from));
  }

  #pass(direction: Direction, chunk: Buffer, from: Socket, to: Socket): void {
    if (this.#isDown) return;
    const left =
      this.#cut?.direction === direction ? this.#cut.after - this.#passed[direction] : Infinity;
    const part = chunk.subarray(0, Math.max(0, left));
    this.#passed[direction] += part.length;
    if (part.length < chunk.length) {
      this.#isDown = true;
      to.write(part, () => this.fail());
      return;
    }
    if (to.write(part)) return;
    from.pause();
    to.once('drain', () => from.resume());
  }
}
