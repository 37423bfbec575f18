import type { CallKind, HostMessage, Problem, TimelineCalls } from './protocol.js';

/** A reply that says what went wrong. */
export class HostProblem extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** A newer request took the place of one, so there is no answer. */
export class Superseded extends Error {}

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (problem: HostProblem | Superseded) => void;
}

/** Requests to the host, each answered once. */
export class HostLink {
  private nextId = 1;
  private readonly waiting = new Map<number, Waiting>();

  constructor(private readonly post: (message: unknown) => void) {}

  call<K extends CallKind>(
    kind: K,
    ask: TimelineCalls[K]['ask'],
  ): Promise<TimelineCalls[K]['answer']> {
    const id = this.nextId;
    this.nextId += 1;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve: resolve as (result: unknown) => void, reject });
      this.post({ ...ask, kind, id });
    });
  }

  /** Settles the request that a reply belongs to. */
  settle(reply: Extract<HostMessage, { kind: 'reply' }>): void {
    const waiting = this.waiting.get(reply.id);
    this.waiting.delete(reply.id);
    if (reply.ok) {
      waiting?.resolve(reply.result);
    } else {
      const { problem } = reply;
      waiting?.reject(problem === null ? new Superseded() : new HostProblem(problem));
    }
  }
}
