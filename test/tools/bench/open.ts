import { lonelyProgram, measuredBy, runJob } from './child.js';
import type { BenchLedger } from './ledgers.js';
import { plainRow, timedRow, type Bar, type Row } from './row.js';
import { interleaved, type Side } from './samples.js';

const largest = 100_000;
const nothing: Side = () => Number.NaN;

/** Opening, each time in a new process, up to the answers that the views ask for first. */
export async function openRows({ folder, size, node24 }: BenchLedger): Promise<Row[]> {
  const node = process.execPath;
  const hasSnapshot = size >= 2000;
  let memory = 0;
  const job =
    (name: string, program = node): Side =>
    () =>
      measuredBy(program, name, [folder]);
  const cold: Side = async () => {
    const { ms, MB } = await runJob(node, 'open-cold', [folder]);
    memory = Math.max(memory, MB!);
    return ms!;
  };
  const taken = await interleaved(size >= largest ? 3 : 5, {
    cold,
    warm: job('open-warm'),
    foreign: job('open-foreign'),
    files: job('read-and-hash'),
    snapshot: hasSnapshot ? job('read-snapshot') : nothing,
    sqlite: node24 === null ? nothing : job('sqlite-open', node24),
  });
  const sqlite = node24 === null ? null : taken.sqlite;
  const { files, snapshot } = taken;
  const bars = size >= largest;
  return [
    timedRow({
      what: 'open with the cache',
      size,
      ours: taken.warm,
      sides: { limit: hasSnapshot ? snapshot : files, sqlite },
      bar: bars ? { of: 'ours', most: 300 } : null,
    }),
    timedRow({
      what: 'open without the cache',
      size,
      ours: taken.cold,
      sides: { limit: files, sqlite },
      bar: bars ? { of: 'ours', most: 2500 } : null,
    }),
    timedRow({
      what: 'open what others wrote, all checks',
      size,
      ours: taken.foreign,
      sides: { limit: files, sqlite },
    }),
    plainRow({ what: 'memory of a process that opened it cold', size, unit: 'MB', ours: memory }),
  ];
}

/** Full verification, with threads and on one, against only reading, parsing and hashing the same rows. */
export async function verifyRows({ folder, size }: BenchLedger): Promise<Row[]> {
  const node = process.execPath;
  let memory = 0;
  const verify =
    (program?: string): Side =>
    async () => {
      const { ms, MB } = await runJob(node, 'verify', [folder], program);
      memory = Math.max(memory, MB!);
      return ms!;
    };
  const taken = await interleaved(size >= largest ? 3 : 5, {
    threads: verify(),
    alone: verify(lonelyProgram),
    limit: () => measuredBy(node, 'read-rows', [folder]),
  });
  const { threads, alone, limit } = taken;
  const bar = (most: number): Bar | null => (size >= largest ? { of: 'limit', most } : null);
  return [
    timedRow({ what: 'full verify', size, ours: threads, sides: { limit }, bar: bar(2.5) }),
    timedRow({
      what: 'full verify on one thread',
      size,
      ours: alone,
      sides: { limit },
      bar: bar(4),
    }),
    plainRow({ what: 'most memory of a full verify', size, unit: 'MB', ours: memory }),
  ];
}
