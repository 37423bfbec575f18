import type { Finding, VerifyReport } from '../../core/rows.js';
import { unreadableReport } from '../../core/verifyReport.js';
import { isPromptAuditError, type ErrorCode } from '../../core/errors.js';
import { print } from '../answer.js';
import { allPushed, trustCaveat } from '../caveats.js';
import type { Command, Invocation } from '../command.js';
import { verifyText } from '../verifyText.js';

/** Errors that are themselves the finding: the ledger could not even be opened. */
const integrityCodes: readonly ErrorCode[] = [
  'checkpoint.unmet',
  'ledger.damaged',
  'ledger.futureVersion',
  'ledger.foreign',
  'ledger.tooLarge',
  'event.invalid',
];

export const verify: Command = {
  name: 'verify',
  summary: 'Check the trail: structure, completeness, authenticity, order; a verdict for each.',
  usage: '[--full] [--json]',
  details: [
    'Checks what is new since this clone did it last, and that the files are those that it checked or wrote.',
    'The first time, whenever anything differs, and with --full it reads and checks every byte again.',
    'Exit status 0: no warning, or each has a review that counts; 1: other warnings; 2: broken, or unknown.',
  ],
  options: {
    full: {
      type: 'boolean',
      help: 'Check every byte again, and believe nothing that this clone noted.',
    },
  },
  examples: [
    { line: 'verify', does: 'says what is broken, where, and what to do' },
    { line: 'verify --full --json', does: 'for CI and auditors' },
  ],
  positionals: [0, 0],
  writes: false,
  async run(invocation) {
    const full = invocation.flag('full');
    const report = await reportOf(invocation, full);
    const found = (severity: Finding['severity']) =>
      report.findings.filter((finding) => finding.severity === severity);
    const of = (severity: Finding['severity']) => found(severity).length;
    const open = found('warning').filter(({ settled }) => !settled);
    await print(invocation, {
      query: { command: 'verify', full, mode: report.mode, since: report.since },
      ledger: report.ledger,
      more: { verdicts: report.verdicts },
      rows: report.findings,
      counts: {
        checked: report.checked,
        checkedNow: report.checkedNow,
        errors: of('error'),
        warnings: of('warning'),
        infos: of('info'),
        reviewed: report.findings.filter(({ settled }) => settled).length,
      },
      caveats: report.intact
        ? [
            trustCaveat(await allPushed(await invocation.trail()), {
              signed: report.verdicts.authenticity.signed,
              of: report.verdicts.authenticity.acts,
            }),
          ]
        : [],
      tellsDamage: true,
      human: () => verifyText(report, invocation.paint),
    });
    if (!report.intact || of('error') > 0 || report.ledger === null) return 2;
    return open.length > 0 ? 1 : 0;
  },
};

async function reportOf(invocation: Invocation, full: boolean): Promise<VerifyReport> {
  try {
    return await (await invocation.trail()).verify({ full });
  } catch (error) {
    if (!isPromptAuditError(error) || !integrityCodes.includes(error.code)) throw error;
    return unreadableReport({
      code: error.code,
      severity: 'error',
      seq: null,
      event: null,
      message: error.message,
      expected: null,
      found: null,
      remedy: error.remedy,
    });
  }
}
