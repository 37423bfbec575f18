import type { Store } from './app.js';
import { HostProblem, Superseded } from './rpc.js';

/** Runs requests to the host. One that fails is shown in the banner and can be run again. */
export class Runner {
  private failed: (() => Promise<void>) | null = null;

  constructor(private readonly store: Store) {}

  async run(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof Superseded) {
        return;
      }
      if (!(error instanceof HostProblem)) {
        throw error;
      }
      this.failed = work;
      this.store.dispatch({ type: 'failed', problem: error.problem });
    }
  }

  /** Runs what failed last once more. */
  retry(): void {
    const work = this.failed;
    this.failed = null;
    this.store.dispatch({ type: 'dismissed' });
    if (work !== null) {
      void this.run(work);
    }
  }
}
