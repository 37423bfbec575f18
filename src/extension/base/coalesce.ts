/**
 * Wraps `work` so that at most one run is under way and at most one is queued, however often it
 * is asked for. Each caller's promise ends with a run that began after the call.
 */
export function coalesce(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let queued: Promise<void> | null = null;

  function start(): Promise<void> {
    const run = work().finally(() => {
      if (running === run) {
        running = null;
      }
    });
    running = run;
    return run;
  }

  return () => {
    if (running === null) {
      return start();
    }
    queued ??= running
      .catch(() => undefined)
      .then(() => {
        queued = null;
        return start();
      });
    return queued;
  };
}
