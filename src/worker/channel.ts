import { Worker } from 'node:worker_threads';
import type { ToWorker, WorkerMessage } from './protocol.js';

export interface Listeners {
  readonly message: (message: WorkerMessage) => void;
  readonly ended: (why: string) => void;
}

/** The host's end of the line to one worker. */
export interface Channel {
  post(message: ToWorker): void;
  /** Called once, before anything is posted. `ended` comes at most once, and nothing after it. */
  listen(to: Listeners): void;
  /** While true, the worker keeps its host's process alive. */
  hold(on: boolean): void;
  /** Ends the worker; what it was doing is lost. */
  end(): Promise<void>;
}

/** Starts a worker from a bundle. */
export function workerChannel(file: string): Channel {
  // Flags of the host, such as a debugger's port, are none of the worker's.
  const worker = new Worker(file, { name: 'prompt-audit', execArgv: [] });
  return {
    post: (message) => worker.postMessage(message),
    listen: ({ message, ended }) => {
      let why: string | null = null;
      worker.on('message', message);
      worker.on('messageerror', (error) => {
        why ??= error.message;
        void worker.terminate();
      });
      worker.on('error', (error) => {
        why ??= reasonOf(error);
      });
      worker.on('exit', (status) => ended(why ?? `exit status ${status}`));
    },
    hold: (on) => (on ? worker.ref() : worker.unref()),
    end: async () => {
      await worker.terminate();
    },
  };
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'out of memory' : (message ?? String(error));
}
