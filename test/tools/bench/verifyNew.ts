import { checkProof } from '../../../src/core/checkProof.js';
import { openTrail } from '../../../src/trail/openTrail.js';
import { runJob } from './child.js';
import type { BenchLedger } from './ledgers.js';
import { timedRow, type Row } from './row.js';
import { timed } from './samples.js';

const rounds = 5;
const count = 100;

/** An open trail verifies what is new since it verified everything, proves an event, and checks that proof. */
export async function verifyNewRows({ folder, size }: BenchLedger): Promise<Row[]> {
  const trail = await openTrail({ folder, tool: 'bench/1', source: 'cli' });
  const whole = await trail.verify({ full: true });
  if (!whole.intact) throw new Error(whole.findings[0]!.message);
  const verified: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await runJob(process.execPath, 'append', [folder, String(count)]);
    // Seeing them has a row of its own.
    await trail.refresh();
    verified.push(
      await timed(async () => {
        const { mode, checkedNow, intact } = await trail.verify({});
        if (mode !== 'incremental' || checkedNow !== count || !intact)
          throw new Error(
            `Verified ${checkedNow} events, ${mode}, ${intact ? 'intact' : 'broken'}.`,
          );
      }),
    );
  }
  const proven: number[] = [];
  const checked: number[] = [];
  for (let round = 0; round < rounds; round++) {
    let proof = '';
    const event = Math.max(1, Math.floor((size * round) / rounds));
    proven.push(await timed(async () => (proof = (await trail.prove({ event })).text)));
    checked.push(
      await timed(() => {
        if (!checkProof({ proof }).holds) throw new Error('The proof does not hold.');
      }),
    );
  }
  await trail.close();
  const bar = size >= 100_000 ? ({ of: 'ours', most: 20 } as const) : null;
  return [
    timedRow({ what: `verify of ${count} new events`, size, ours: verified, bar }),
    timedRow({ what: 'prove an event', size, ours: proven }),
    timedRow({ what: 'check the proof of an event', size, ours: checked }),
  ];
}
