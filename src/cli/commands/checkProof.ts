import { checkProof } from '../../core/checkProof.js';
import { maxConsistencyBytes } from '../../core/consistencyProof.js';
import { parseVkey } from '../../core/noteKeys.js';
import { maxNoteBytes } from '../../core/signedNote.js';
import { maxProofBytes } from '../../core/tlogProof.js';
import { print } from '../answer.js';
import type { Command, Invocation } from '../command.js';
import { readText } from '../files.js';
import { proofReportText } from '../proofText.js';
import { usageError } from '../usageError.js';

const maxSignersBytes = 1024 * 1024;

export const checkProofCommand: Command = {
  name: 'check-proof',
  summary: 'Check what "prove" wrote, with no ledger and no repository.',
  usage: 'FILE|- [--checkpoint FILE] [--since FILE] [--allowed-signers FILE] [--key KEY]',
  details: [
    'What you give besides the proof must come from elsewhere: it is what makes the check worth something.',
    'A consistency proof as FILE needs the older checkpoint.',
    'Exit status 0: it holds. 1: it holds, but a signature does not count, or nobody else saw the event, as when',
    'there is no --checkpoint and no --key. 2: it does not hold.',
  ],
  options: {
    checkpoint: { type: 'string', value: 'FILE', help: 'A checkpoint that you trust.' },
    since: {
      type: 'string',
      value: 'FILE',
      help: 'A consistency proof between that one and the one in the proof, either way round.',
    },
    'allowed-signers': { type: 'string', value: 'FILE', help: 'Whose keys these are.' },
    key: {
      type: 'string',
      multiple: true,
      value: 'VKEY',
      help: 'A key (NAME+ID+BASE64) that must have signed the checkpoint; of several, one.',
    },
  },
  examples: [
    {
      line: 'check-proof approval.tlog-proof --checkpoint from-the-ci.checkpoint',
      does: 'compares it with a checkpoint that somebody else kept',
    },
  ],
  positionals: [1, 1],
  writes: false,
  async run(invocation) {
    const { positionals } = invocation;
    const keys = invocation.texts('key');
    for (const key of keys) {
      const problem = parseVkey(key);
      if (typeof problem === 'string')
        throw usageError(
          `--key "${key}" is no key: ${problem}.`,
          'Copy it as its owner published it.',
        );
    }
    const name = positionals[0]!;
    const [checkpoint, consistency, allowedSigners] = [
      await optional(invocation, 'checkpoint', maxNoteBytes),
      await optional(invocation, 'since', maxConsistencyBytes),
      await optional(invocation, 'allowed-signers', maxSignersBytes),
    ];
    if (consistency !== undefined && checkpoint === undefined)
      throw usageError('--since needs --checkpoint.', 'It leads from or to a checkpoint.');
    const report = checkProof({
      proof: await readText(invocation, name, maxProofBytes),
      keys,
      ...(checkpoint === undefined ? {} : { checkpoint }),
      ...(consistency === undefined ? {} : { consistency }),
      ...(allowedSigners === undefined ? {} : { allowedSigners }),
    });
    await print(invocation, {
      query: { command: 'check-proof', file: name },
      ledger: report.point,
      rows: [report],
      counts: { problems: report.problems.length, warnings: report.warnings.length },
      caveats: report.limits,
      human: () => proofReportText(report, invocation.paint),
    });
    if (!report.holds) return 2;
    return report.warnings.length > 0 ? 1 : 0;
  },
};

async function optional(
  invocation: Invocation,
  option: string,
  mostBytes: number,
): Promise<string | undefined> {
  const name = invocation.text(option);
  return name === undefined ? undefined : await readText(invocation, name, mostBytes);
}
