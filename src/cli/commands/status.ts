import { print } from '../answer.js';
import { unsyncedCaveats } from '../caveats.js';
import type { Command } from '../command.js';
import { statusText } from '../statusText.js';

export const status: Command = {
  name: 'status',
  summary: 'What waits for me, what changed, and what is active where.',
  usage: '[--json]',
  details: ['Exit status 2 when the ledger file is damaged.'],
  options: {},
  examples: [
    { line: 'status', does: 'a summary for people' },
    { line: 'status --json', does: 'one row a prompt' },
  ],
  positionals: [0, 0],
  writes: false,
  async run(invocation) {
    const trail = await invocation.trail();
    const found = await trail.status();
    const reviewOf = new Map(found.reviews.map((review) => [review.version.id, review]));
    await print(invocation, {
      query: { command: 'status', root: found.root, me: found.me, remote: found.remote },
      ledger: found.ledger,
      rows: found.prompts.map((row) => {
        const review = row.latest === null ? undefined : reviewOf.get(row.latest.id);
        return {
          ...row,
          waitsForMe: review?.waitsForMe ?? false,
          blockedBecause: review?.blockedBecause ?? [],
        };
      }),
      counts: {
        waiting: found.reviews.length,
        waitingForMe: found.reviews.filter((review) => review.waitsForMe).length,
        active: found.active.length,
        unsent: found.unsent,
      },
      caveats: [
        // People read it among the facts above.
        ...(found.damage === null || !invocation.json ? [] : [found.damage]),
        ...(found.remote === null ? [] : unsyncedCaveats(found.unsent)),
      ],
      more: {
        syncProblem: found.syncProblem,
        syncedAt: found.syncedAt,
        recorderPaused: found.recorderPaused ?? null,
      },
      tellsDamage: true,
      human: () => statusText(found, invocation.paint),
    });
    return found.damage === null ? 0 : 2;
  },
};
