import type { TrailContext } from './context.js';

/** The number that this clone shows of each version, by event. */
export function claimedLabels(context: TrailContext): ReadonlyMap<string, number> {
  return new Map([...context.state.versions].map(([id, version]) => [id, version.number]));
}

/** What people saw under another number when they had those labels. */
export function renumberedSince(
  context: TrailContext,
  before: ReadonlyMap<string, number>,
): string[] {
  return [...context.state.versions]
    .filter(([id, version]) => before.has(id) && before.get(id) !== version.number)
    .map(([id, v]) => `${v.prompt.path}: v${before.get(id)}? is now v${v.number}`);
}
