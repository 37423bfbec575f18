import { resolve } from 'node:path';
import type { ExitStatus } from '../core/errors.js';
import type { Trail } from '../trail/api.js';
import type { EvidenceScope, EvidenceWritten, ReportInput } from '../trail/exportApi.js';
import { print } from './answer.js';
import type { Invocation, OptionSpec } from './command.js';
import { promptPath } from './paths.js';
import { printable } from './printable.js';
import { pathContext } from './target.js';
import { parseTime } from './time.js';
import { untilInterrupted } from './untilInterrupted.js';
import { usageError } from './usageError.js';
import { plural, shellWord, shortDigest } from './words.js';

/** Options that say what evidence is about. */
export const scopeOptions: Readonly<Record<string, OptionSpec>> = {
  env: { type: 'string', value: 'ENV', help: 'Only this environment.' },
  prompt: { type: 'string', value: 'PATH', help: 'Only this prompt.' },
  from: { type: 'string', value: 'TIME', help: 'Only from then on, by the recorders’ clocks.' },
  to: { type: 'string', value: 'TIME', help: 'Only before then.' },
  'as-known-at': {
    type: 'string',
    value: 'TIME|SIZE',
    help: 'Only what was recorded then: a time, or the number of events of a checkpoint.',
  },
  force: { type: 'boolean', help: 'Replace what this program wrote there before.' },
};

/** Makes evidence as the options ask for it, with progress, and prints what was written. */
export async function makeEvidence(
  invocation: Invocation,
  command: 'export' | 'report',
  make: (trail: Trail, input: ReportInput) => Promise<EvidenceWritten>,
): Promise<0 | ExitStatus> {
  const { terminal, cwd } = invocation;
  const out = invocation.text('out');
  if (out === undefined || out === '')
    throw usageError(
      `${command} needs --out.`,
      `Say where to write: --out ${command === 'export' ? 'DIR' : 'FILE.html'}`,
    );
  const trail = await invocation.trail();
  const scope = await scopeOf(invocation, trail);
  const deployment = command === 'report' ? invocation.text('deployment') : undefined;
  const asked = { ...scope, ...(deployment === undefined ? {} : { deployment }) };
  const shown = terminal.showsProgress
    ? { progress: (): void => void terminal.err(`\rMaking the ${command} …`) }
    : {};
  const written = await untilInterrupted((isCancelled) =>
    make(trail, {
      ...asked,
      out: resolve(cwd, out),
      force: invocation.flag('force'),
      command: commandText(command, out, asked),
      generatedAt: terminal.now().toISOString(),
      watch: { ...shown, isCancelled },
    }),
  ).finally(() => {
    if (terminal.showsProgress) terminal.err('\r\u001b[K');
  });
  await print(invocation, {
    query: { command, out, ...asked },
    ledger: written.ledger,
    rows: [{ ...written, out }],
    counts: { ...written.counts, exceptions: written.exceptions },
    caveats: written.caveats,
    human: () => writtenText(written, out),
  });
  return written.exceptions > 0 ? 1 : 0;
}

async function scopeOf(invocation: Invocation, trail: Trail): Promise<EvidenceScope> {
  const path = invocation.text('prompt');
  const time = (option: string): string | undefined => {
    const given = invocation.text(option);
    return given === undefined ? undefined : parseTime(given, `--${option}`);
  };
  const known = invocation.text('as-known-at');
  const scope = {
    env: invocation.text('env'),
    path: path === undefined ? undefined : await promptPath(path, pathContext(invocation, trail)),
    from: time('from'),
    to: time('to'),
    asKnownAt:
      known !== undefined && /^\d{1,15}$/.test(known) ? Number(known) : time('as-known-at'),
  };
  return Object.fromEntries(Object.entries(scope).filter(([, value]) => value !== undefined));
}

/** The call as somebody else could repeat it: times in UTC. */
function commandText(command: string, out: string, asked: Omit<ReportInput, 'out'>): string {
  const { deployment, path, env, from, to, asKnownAt } = asked;
  const options = { deployment, prompt: path, env, from, to, 'as-known-at': asKnownAt, out };
  const words = Object.entries(options).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, shellWord(String(value))],
  );
  return ['prompt-audit', command, ...words].join(' ');
}

function writtenText(written: EvidenceWritten, out: string): string {
  const { scope, files, bytes, exceptions, ledger, sums, event, counts } = written;
  const size = bytes < 100_000 ? plural(bytes, 'byte') : `${(bytes / 1e6).toFixed(1)} MB`;
  const rows = ['deployments', 'versions']
    .map((name) => plural(counts[name] ?? 0, name.slice(0, -1)))
    .join(', ');
  return [
    `${printable(out)}: ${plural(files, 'file')}, ${size}.`,
    printable(`${scope}: ${rows}, ${plural(exceptions, 'exception')}.`),
    `Ledger head: ${ledger.size} events, root ${ledger.root}`,
    `SHA-256: ${sums.replace('sha256:', '')}, recorded in event ${shortDigest(event)}`,
    '',
  ].join('\n');
}
