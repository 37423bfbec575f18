/** Exit status of a program that Ctrl-C ended. */
const interrupted = 130;

/** Runs a task that ends in order on Ctrl-C, when it asks whether it was cancelled; a second Ctrl-C ends at once. */
export async function untilInterrupted<T>(
  work: (isCancelled: () => boolean) => Promise<T>,
): Promise<T> {
  let isCancelled = false;
  const stop = (): void => {
    if (isCancelled) process.exit(interrupted);
    isCancelled = true;
  };
  process.on('SIGINT', stop);
  try {
    return await work(() => isCancelled);
  } finally {
    process.off('SIGINT', stop);
  }
}
