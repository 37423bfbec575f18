import type { ReportedFinding, VerdictName, Verdicts, VerifyReport } from '../core/rows.js';
import { printable } from './printable.js';
import type { Paint } from './style.js';
import { table } from './table.js';
import { localTime } from './time.js';
import { reviewLines } from './reviewLines.js';
import { plural, shortDigest } from './words.js';

/** What `verify` prints for people: the findings, each verdict with what it rests on, the checkpoint. */
export function verifyText(report: VerifyReport, paint: Paint): string {
  const findings = report.findings.map((finding) => findingText(finding, paint)).join('');
  if (report.ledger === null) {
    return `${findings}${paint('red', 'NOT VERIFIED')}: the ledger cannot be read.\n`;
  }
  const at = report.brokenAt === null ? '' : ` at event ${report.brokenAt}`;
  const count = plural(report.findings.length, 'finding');
  const name = report.intact ? paint('green', 'Verified') : paint('red', `BROKEN${at}`);
  const { id, size, root } = report.ledger;
  return [
    `${findings}${name}: ${plural(report.checked, 'event')} checked, ${count}.${sinceText(report)}\n`,
    verdictTable(report, paint),
    isWhole(report)
      ? `Ledger ${shortDigest(id)}, size ${size}, root ${root}\n`
      : `Ledger ${shortDigest(id)}: no checkpoint, because it could not be read as a whole.\n`,
  ].join('');
}

/** Whether all of the ledger was read and fits: what is left of a broken one must not be named like it. */
const isWhole = ({ verdicts }: VerifyReport): boolean =>
  verdicts.structure.outcome !== 'broken' &&
  Object.values(verdicts).every(({ outcome }) => outcome !== 'unknown');

function sinceText({ since, checkedNow, checked }: VerifyReport): string {
  if (since === null) return '';
  return ` ${checked - checkedNow} of them on ${localTime(since)}, and the files are still the same; --full checks all again.`;
}

const outcomes = {
  holds: ['green', 'holds'],
  doubtful: ['yellow', 'doubtful'],
  broken: ['red', 'broken'],
  unknown: ['yellow', 'unknown'],
} as const;

/** Where a file could not be read to its end, nothing was found that any other verdict could rest on. */
const unread = 'cannot be told: the ledger here cannot be read as a whole';

function verdictTable({ verdicts, findings }: VerifyReport, paint: Paint): string {
  const { structure, completeness, authenticity, order } = verdicts;
  const seen =
    completeness.seen === null ? [] : [`the ${completeness.seen} that this clone saw shared`];
  const branch =
    completeness.commits === null
      ? []
      : [plural(completeness.commits, 'commit') + ' of the ledger branch'];
  const pinned =
    completeness.pinned === null ? [] : [`the ${completeness.pinned} that the policy pins`];
  const held = [...seen, ...branch, ...pinned];
  const wrong = (name: VerdictName): string => {
    const count = findings.filter((f) => f.verdict === name && f.severity === 'error').length;
    return count === 0 ? 'see the findings' : `${plural(count, 'error')}, see above`;
  };
  const facts: Readonly<Record<VerdictName, string>> = {
    structure:
      structure.outcome === 'broken'
        ? `not all bytes, ids, links, counters and texts are right: ${wrong('structure')}`
        : `${plural(structure.events, 'event')} in ${plural(structure.volumes, 'file')}: bytes, ids, links, counters, texts`,
    completeness:
      completeness.outcome === 'broken'
        ? `something is missing, or is not what was there: ${wrong('completeness')}${held.length === 0 ? '' : `; compared with ${held.join(', ')}`}`
        : held.length === 0
          ? 'no text is withheld; nobody else has seen this ledger yet, so nothing can be compared'
          : `no text is withheld; extends ${held.join(', ')}`,
    authenticity:
      `${authenticity.signed} of ${plural(authenticity.acts, 'decision or deployment', 'decisions and deployments')} signed by the person's own key` +
      (authenticity.notCounting === 0
        ? ''
        : `; ${plural(authenticity.notCounting, 'signature does', 'signatures do')} not count`) +
      (authenticity.oneClone === 0
        ? ''
        : `; ${plural(authenticity.oneClone, 'approval')} from the clone that wrote the text`),
    order: `${plural(order.roots, 'root')}, ${plural(order.writers, 'clone that wrote', 'clones that wrote')}`,
  };
  const rows = (Object.keys(facts) as VerdictName[]).map((name) => {
    const { outcome } = verdicts[name];
    const [colour, word] = outcomes[outcome];
    return [
      name,
      paint(colour, word + reviewedText(verdicts[name])),
      outcome === 'unknown' ? unread : facts[name],
    ];
  });
  return table(rows, { paint });
}

/** A review changes no word: it says that somebody else looked. */
function reviewedText({ warnings, reviewed }: Verdicts[VerdictName]): string {
  if (reviewed === 0) return '';
  const findings = plural(warnings, 'finding');
  if (reviewed < warnings) return `, ${reviewed} of ${findings} reviewed`;
  return warnings === 1 ? ', its finding reviewed' : `, all ${findings} reviewed`;
}

function findingText(finding: ReportedFinding, paint: Paint): string {
  const { seq, event, reviewed, key } = finding;
  const colour = finding.severity === 'error' ? 'red' : 'yellow';
  const id = event === null ? '' : ` (${shortDigest(event)})`;
  const where = seq === null ? id.trimStart() : `event ${seq}${id}`;
  const head = [`${paint(colour, finding.severity)} ${printable(finding.code)}`, where];
  const lines = [
    head.filter((part) => part !== '').join(', '),
    `  ${printable(finding.message)}`,
    ...(finding.expected === null ? [] : [`  expected  ${printable(finding.expected)}`]),
    ...(finding.found === null ? [] : [`  found     ${printable(finding.found)}`]),
    ...(!finding.settled ? [`  to do     ${printable(finding.remedy)}`] : []),
    ...(reviewed === null ? [] : reviewLines([reviewed, ...finding.earlier])),
    `  key       ${key}`,
  ];
  return `${lines.join('\n')}\n\n`;
}
