import { isPromptAuditError } from '../../core/errors.js';
import type { CoverageReport } from '../../trail/coverageApi.js';
import { print } from '../answer.js';
import type { Command } from '../command.js';
import { coverageText, goneOrphans } from '../coverageText.js';
import { usageError } from '../usageError.js';
import { plural } from '../words.js';

export const coverage: Command = {
  name: 'coverage',
  summary: 'Hold the history of git against the trail: which bytes of prompts it does not know.',
  usage: '[--from-start] [--ref GLOB…] [--allow-gone] [--json]',
  details: [
    'Every blob of every tracked path on HEAD, branches, remote-tracking branches and tags is recorded,',
    'observed, imported, pending (the next sync records it) or missing. No date decides anything.',
    'Exit status 0: all covered; 1: missing or unread bytes, or revisions whose commit and bytes are gone;',
    '2: no answer is possible (shallow or partial clone, damaged ledger).',
  ],
  options: {
    'from-start': {
      type: 'boolean',
      help: 'Leave out what only commits have that stand before the start of the trail.',
    },
    ref: {
      type: 'string',
      multiple: true,
      value: 'GLOB',
      help: 'Only refs that match, such as "main", "origin/*" or "refs/stash". May be repeated.',
    },
    'allow-gone': {
      type: 'boolean',
      help: 'Revisions whose commit and bytes are gone do not count: for teams that squash or rebase.',
    },
  },
  examples: [
    { line: 'coverage', does: 'what is covered, and what is missing' },
    {
      line: 'coverage --from-start --allow-gone --json',
      does: 'for CI, where nothing was imported',
    },
  ],
  positionals: [0, 0],
  writes: false,
  async run(invocation) {
    const fromStart = invocation.flag('from-start');
    const refs = invocation.texts('ref');
    const allowGone = invocation.flag('allow-gone');
    const trail = await invocation.trail();
    const report = await trail.coverage({ fromStart, refs }).catch(asUsage);
    const gone = goneOrphans(report);
    await print(invocation, {
      query: { command: 'coverage', fromStart, refs, allowGone },
      ledger: report.ledger,
      rows: report.rows,
      counts: {
        ...report.totals,
        ...report.states,
        orphans: report.orphans.length,
        gone: gone.length,
        beforeStart: report.beforeStart,
        elsewhere: report.elsewhere,
      },
      caveats: caveatsOf(report),
      more: {
        orphans: report.orphans,
        pauses: report.pauses,
        refs: report.refs,
        otherRefs: report.otherRefs,
        noRefs: report.noRefs,
      },
      human: () => coverageText(report, invocation.paint),
    });
    const { missing, unread } = report.states;
    return missing + unread > 0 || (gone.length > 0 && !allowGone) ? 1 : 0;
  },
};

/** A wrong name must not look like an answer: 1 says that something is missing. */
function asUsage(error: unknown): never {
  if (isPromptAuditError(error, 'ref.unknown')) throw usageError(error.message, error.remedy);
  throw error;
}

function caveatsOf(report: CoverageReport): string[] {
  const { otherRefs, noRefs, elsewhere, beforeStart, states, pauses } = report;
  const own = pauses.some((pause) => pause.own && pause.resumed === null);
  return [
    'What was neither committed nor saved in the editor cannot be seen, nor what no ref leads to any more.',
    ...(otherRefs.length === 0
      ? []
      : [
          `${plural(otherRefs.length, 'ref')} not counted (${otherRefs.slice(0, 3).join(', ')}${otherRefs.length > 3 ? ', …' : ''}), with ${plural(elsewhere, 'file')} of their own: name them with --ref.`,
        ]),
    ...noRefs.map((glob) => `No ref matches "${glob}".`),
    ...(beforeStart === 0
      ? []
      : [
          `${plural(beforeStart, 'file')} left out: only commits before the start of the trail have them.`,
        ]),
    ...(own && states.pending > 0
      ? [
          'The recorder of this clone is paused: what is pending waits until it is resumed, or for another clone.',
        ]
      : []),
  ];
}
