import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { checkProof } from '../../src/core/checkProof.js';
import { hooks } from '../../src/trail/hooks.js';
import { proofStart } from '../../src/core/proofStart.js';
import type { Trail, TrailOptions } from '../../src/trail/api.js';
import type { Channel } from '../../src/worker/channel.js';
import type { Engine } from '../../src/worker/engine.js';
import { WorkerLink } from '../../src/worker/link.js';
import { Server, type ServerPort } from '../../src/worker/server.js';
import { RemoteEngine } from '../../src/worker/trailProxy.js';

/** A host and its worker in one thread, over the real channel; the worker can be ended like a crash. */
export class WorkerPair {
  readonly engine: RemoteEngine;
  readonly trouble: string[] = [];
  /** How many workers were started. */
  started = 0;
  /** With what each trail was opened. */
  readonly opened: TrailOptions[] = [];
  readonly #trail: Partial<Trail>;
  #ports: MessagePort[] = [];
  #ended: ((why: string) => void) | null = null;

  /** `trail` has the methods that the test calls. */
  constructor(trail: Partial<Trail> = {}) {
    this.#trail = trail;
    this.engine = new RemoteEngine(
      new WorkerLink(
        () => this.#start(),
        (text) => this.trouble.push(text),
      ),
    );
  }

  /** What a worker that crashes does to its host. */
  crash(why: string): void {
    this.#close();
    this.#ended?.(why);
  }

  /** The end of a test: nothing keeps the process. */
  clean(): void {
    this.#close();
  }

  #start(): Channel {
    this.started++;
    const { port1: host, port2: worker } = new MessageChannel();
    this.#ports.push(host, worker);
    const engine: Engine = {
      siteOf: async (folder) => ({ kind: 'git', root: folder, initialized: true }),
      initTrail: () => Promise.reject(new TypeError('x is\nundefined')),
      proofStart: (text) => Promise.resolve(proofStart(text)),
      checkProof: (input) => Promise.resolve(checkProof(input)),
      policyProblems: () => Promise.resolve([]),
      questions: () => Promise.resolve([]),
      hooks,
      openTrail: async (options) => {
        this.opened.push(options);
        return { root: options.folder, git: true, ...this.#trail } as Trail;
      },
    };
    const port: ServerPort = worker;
    new Server(port, engine).start();
    return {
      post: (call) => host.postMessage(call),
      listen: ({ message, ended }) => {
        host.on('message', message);
        this.#ended = ended;
      },
      hold: (on) => (on ? host.ref() : host.unref()),
      end: async () => this.#close(),
    };
  }

  #close(): void {
    for (const port of this.#ports) port.close();
    this.#ports = [];
  }
}

export const folderOptions = { folder: '/repo', tool: 'test/1', source: 'editor' } as const;
