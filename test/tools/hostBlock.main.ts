import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bigLedger } from './bigLedger.js';
import { hostBlock } from './hostBlock.js';
import { projectRoot } from './paths.js';

/** Prints what ledgers of some sizes cost the extension host: node hostBlock.main.js 100000 */
async function main(sizes: readonly number[]): Promise<void> {
  const worker = path.join(projectRoot, 'dist/worker.js');
  for (const events of sizes) {
    const folder = mkdtempSync(path.join(tmpdir(), 'prompt-audit-block-'));
    try {
      await bigLedger(folder, { events });
      const { steps, blocked, firstRows } = await hostBlock({ folder, worker });
      console.log(`${events.toLocaleString('en')} events`);
      for (const { what, took, blocked: most, idle } of steps)
        console.log(
          `${took.toFixed(1).padStart(9)} ms, blocked ${most.toFixed(1)} ms (an idle thread ${idle.toFixed(1)} ms)  ${what}`,
        );
      console.log(
        `first rows after ${firstRows.toFixed(0)} ms; longest block ${blocked.toFixed(1)} ms`,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

main(process.argv.slice(2).map(Number)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
