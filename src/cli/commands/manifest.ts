import { standingCaveats } from '../../core/standingCaveats.js';
import { print } from '../answer.js';
import type { Command } from '../command.js';
import { clockCaveat, countUnsynced, futureCaveat, unsyncedCaveats } from '../caveats.js';
import { writeNew } from '../files.js';
import { printable } from '../printable.js';
import { parseTime } from '../time.js';
import { usageError } from '../usageError.js';
import { plural } from '../words.js';

export const manifest: Command = {
  name: 'manifest',
  summary: 'What is active in an environment as one document that a runtime can load.',
  usage: '--env ENV [--texts] [--at TIME] [--out FILE] [--json]',
  details: [
    'The document is canonical JSON: path, version, digest and deployment of each prompt. The same prompts give',
    'the same bytes, so its SHA-256 (sha256sum) names what a program loaded; let it log that, and the digests of',
    'the prompts. With --json the same in the envelope of all answers. Exit status 1: a text is not here.',
  ],
  options: {
    env: { type: 'string', value: 'ENV', help: 'The environment. Needed.' },
    texts: { type: 'boolean', help: 'The exact texts besides.' },
    at: { type: 'string', value: 'TIME', help: 'What was active then; without it, now.' },
    out: { type: 'string', value: 'FILE', help: 'Write a new file.' },
  },
  examples: [
    {
      line: 'manifest --env production --texts --out prompts.json',
      does: 'all that production needs, in one file',
    },
  ],
  positionals: [0, 0],
  writes: false,
  async run(invocation) {
    const env = invocation.text('env');
    if (env === undefined)
      throw usageError('manifest needs an environment.', 'Name it with --env ENV.');
    const given = invocation.text('at');
    const at = given === undefined ? null : parseTime(given, '--at');
    const out = invocation.text('out');
    const texts = invocation.flag('texts');
    const trail = await invocation.trail();
    const found = await trail.manifest({ env, texts, ...(at === null ? {} : { at }) });
    if (out !== undefined) await writeNew(invocation, out, found.text);
    const absent = found.prompts.filter((one) => one.absent !== undefined);
    const unsynced = await countUnsynced(
      trail,
      found.prompts.map(({ deployment }) => deployment),
    );
    const isFuture = at !== null && Date.parse(at) > invocation.terminal.now().getTime();
    const caveats = [
      ...(isFuture ? [futureCaveat] : []),
      ...(at === null ? [] : [clockCaveat]),
      ...(await trail.clockDoubts({ path: null, env, at })),
      ...absent.map(
        (one) => `The text of ${one.path} ${one.version} is ${absentTexts[one.absent!]}.`,
      ),
      ...(await trail.active(null, env, at)).flatMap(standingCaveats),
      ...unsyncedCaveats(unsynced),
    ];
    if (invocation.json || out !== undefined)
      await print(invocation, {
        query: { command: 'manifest', env, at, texts, out: out ?? null },
        ledger: found.ledger,
        rows: found.prompts,
        caveats,
        more: { digest: found.digest },
        human: () =>
          `${printable(`${out}: ${plural(found.prompts.length, 'prompt')}, ${found.digest}`)}\n`,
      });
    else {
      // The document alone, so that it can be piped.
      await invocation.terminal.out(found.text);
      for (const caveat of caveats)
        invocation.terminal.err(`prompt-audit: note: ${printable(caveat)}\n`);
    }
    return absent.length > 0 ? 1 : 0;
  },
};

const absentTexts = {
  redacted: 'redacted',
  missing: 'not in this clone; sync, or ask its author',
} as const;
