import type { Finding, VerifyReport } from '../../core/rows.js';
import { isPromptAuditError, type ErrorCode } from '../../core/errors.js';
import { print } from '../answer.js';
import { allPushed, trustCaveat } from '../caveats.js';
import type { Command, Invocation } from '../command.js';
import { printable } from '../printable.js';
import type { Paint } from '../style.js';
import { plural, shortDigest } from '../words.js';

/** Errors that are themselves the finding: the ledger could not even be opened. */
const integrityCodes: readonly ErrorCode[] = [
  'ledger.damaged',
  'ledger.futureVersion',
  'ledger.foreign',
  'ledger.tooLarge',
  'event.invalid',
];

export const verify: Command = {
  name: 'verify',
  summary: 'Check the whole ledger: every hash, the chain, the counters, the texts.',
  usage: '[--full] [--json]',
  details: [
    'Exit status 0: nothing found. 1: warnings. 2: integrity is broken, or nothing can be said.',
  ],
  options: {
    full: { type: 'boolean', help: 'Check everything again, sealed volumes too.' },
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
    const of = (severity: Finding['severity']) =>
      report.findings.filter((finding) => finding.severity === severity).length;
    await print(invocation, {
      query: { command: 'verify', full },
      ledger: report.ledger,
      rows: report.findings,
      counts: {
        checked: report.checked,
        errors: of('error'),
        warnings: of('warning'),
        infos: of('info'),
      },
      caveats: report.intact ? [trustCaveat(await allPushed(await invocation.trail()))] : [],
      human: () => verifyText(report, invocation.paint),
    });
    if (!report.intact || of('error') > 0) return 2;
    return of('warning') > 0 ? 1 : 0;
  },
};

async function reportOf(invocation: Invocation, full: boolean): Promise<VerifyReport> {
  try {
    return await (await invocation.trail()).verify({ full });
  } catch (error) {
    if (!isPromptAuditError(error) || !integrityCodes.includes(error.code)) throw error;
    const finding: Finding = {
      code: error.code,
      severity: 'error',
      seq: null,
      event: null,
      message: error.message,
      expected: null,
      found: null,
      remedy: error.remedy,
    };
    return { ledger: null, checked: 0, findings: [finding], intact: false, brokenAt: null };
  }
}

function verifyText(report: VerifyReport, paint: Paint): string {
  const checked = `${plural(report.checked, 'event')} checked`;
  const findings = report.findings.map((finding) => findingText(finding, paint)).join('');
  const at = report.brokenAt === null ? '' : ` at event ${report.brokenAt}`;
  if (report.ledger === null) {
    return `${findings}${paint('red', 'NOT VERIFIED')}: the ledger cannot be read.\n`;
  }
  const verdict = report.intact
    ? `${paint('green', 'Verified')}: ${checked}, ${plural(report.findings.length, 'finding')}.\n`
    : `${paint('red', `BROKEN${at}`)}: ${checked}, ${plural(report.findings.length, 'finding')}.\n`;
  const { id, size, root } = report.ledger;
  return `${findings}${verdict}Ledger ${shortDigest(id)}, size ${size}, root ${root}\n`;
}

function findingText(finding: Finding, paint: Paint): string {
  const colour = finding.severity === 'error' ? 'red' : 'yellow';
  const event = finding.event === null ? '' : ` (${shortDigest(finding.event)})`;
  const where = finding.seq === null ? event.trimStart() : `event ${finding.seq}${event}`;
  const head = [`${paint(colour, finding.severity)} ${printable(finding.code)}`, where];
  const lines = [
    head.filter((part) => part !== '').join(', '),
    `  ${printable(finding.message)}`,
    ...(finding.expected === null ? [] : [`  expected  ${printable(finding.expected)}`]),
    ...(finding.found === null ? [] : [`  found     ${printable(finding.found)}`]),
    `  to do     ${printable(finding.remedy)}`,
  ];
  return `${lines.join('\n')}\n\n`;
}
