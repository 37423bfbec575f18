import { clockDoubts } from '../clockDoubts.js';
import type { PromptRecord } from '../state.js';
import type { Ground } from './ground.js';

/** What a reader must know of an answer about a time; nothing of one about now, which no clock decides. */
export function clockCaveats(
  ground: Ground,
  query: {
    readonly prompt: PromptRecord | null;
    readonly env: string | null;
    readonly at?: string | undefined;
  },
): readonly string[] {
  const { at } = query;
  if (at === undefined) return [];
  const isFuture = Date.parse(at) > Date.parse(ground.now);
  return [
    ...(isFuture ? ['That time has not come: the answer holds for what is recorded now.'] : []),
    "What was active then is by the deployers' own clocks.",
    ...clockDoubts(ground, { ...query, at }),
  ];
}
