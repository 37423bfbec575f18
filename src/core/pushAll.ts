/** Adds each of `more`: as arguments of `push`, a few hundred thousand would overflow the stack. */
export function pushAll<T>(target: T[], more: Iterable<T>): void {
  for (const one of more) target.push(one);
}
