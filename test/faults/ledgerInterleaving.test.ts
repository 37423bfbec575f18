import fc from 'fast-check';
import { install } from '../tools/faults/disk.js';
import { commands, Interleaving } from '../tools/faults/interleaving.js';
import { sealing, withoutGit } from '../tools/faults/scenarios.js';
import { share } from '../tools/faults/share.js';

describe('ledger in any interleaving', function () {
  this.timeout(600_000);
  let remove: () => void;
  before(() => (remove = install()));
  after(() => remove());

  for (const [name, git, options] of [
    [
      'with git: appends, folds, syncs that trim, two worktrees, crashes, power cuts, deleted files',
      true,
      {},
    ],
    ['without git: appends, folds that trim, crashes, power cuts', false, withoutGit],
    ['with git, where each fold seals volumes', true, sealing],
    ['without git, where each fold seals volumes', false, { ...withoutGit, ...sealing }],
  ] as const) {
    it(name, async () => {
      await fc.assert(
        fc.asyncProperty(commands(git), (all) => new Interleaving(options).run(all)),
        { seed: 11, numRuns: share('sealBytes' in options ? 150 : 500) },
      );
    });
  }
});
