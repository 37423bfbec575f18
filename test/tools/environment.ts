/**
 * Sets variables of the environment (undefined: takes them out) and gives what puts them back. One by one:
 * an object in place of `process.env` no longer reaches the process, so a later time zone would have no effect.
 */
export function withEnvironment(
  variables: Readonly<Record<string, string | undefined>>,
): () => void {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  const set = (all: Iterable<readonly [string, string | undefined]>): void => {
    for (const [name, value] of all)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  };
  set(Object.entries(variables));
  return () => set(before);
}
