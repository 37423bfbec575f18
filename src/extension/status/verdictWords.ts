import { env, l10n } from 'vscode';
import type { VerdictName, VerdictOutcome, Verdicts, VerifyReport } from '../../core/rows.js';
import { openWarnings } from './openFindings.js';

/** One sentence for each verdict: what it rests on, whatever came out. */
export function verdictBasis(report: VerifyReport): Readonly<Record<VerdictName, string>> {
  const { structure, authenticity, order } = report.verdicts;
  if (report.ledger === null) {
    const nothing = l10n.t('Nothing could be checked, because the ledger cannot be read.');
    return { structure: nothing, completeness: nothing, authenticity: nothing, order: nothing };
  }
  const unread = l10n.t('Cannot be told: the ledger here cannot be read as a whole.');
  const orUnread = (name: VerdictName, text: string): string =>
    report.verdicts[name].outcome === 'unknown' ? unread : text;
  const volumes =
    structure.volumes === 1 ? l10n.t('1 file') : l10n.t('{0} files', structure.volumes);
  const writers =
    order.writers === 1 ? l10n.t('1 clone wrote') : l10n.t('{0} clones wrote', order.writers);
  const roots = order.roots === 1 ? l10n.t('one beginning') : l10n.t('{0} beginnings', order.roots);
  return {
    structure: orUnread(
      'structure',
      structure.outcome === 'broken'
        ? l10n.t('Not all bytes, ids, links, counters and texts are right: see the findings.')
        : l10n.t(
            'Bytes, ids, links, counters and texts: {0} in {1}.',
            eventsText(structure.events),
            volumes,
          ),
    ),
    completeness: orUnread('completeness', completenessText(report)),
    authenticity: orUnread('authenticity', authenticityText(authenticity)),
    order: orUnread(
      'order',
      l10n.t('What came after what, and the clocks: {0}, from {1}.', writers, roots),
    ),
  };
}

/** What came out, in one sentence that says no more than the verdicts do. */
export function verdictSentence({ verdicts, findings }: VerifyReport): string {
  const { acts, signed, outcome } = verdicts.authenticity;
  // What the signatures say is said in numbers: that nothing speaks against them is little.
  const counted = outcome === 'holds' && acts > 0;
  const names = (Object.keys(verdicts) as VerdictName[]).filter(
    (name) => !(counted && name === 'authenticity'),
  );
  const groups = (['broken', 'doubtful', 'unknown', 'holds'] as const).flatMap((one) => {
    const those = names.filter((name) => verdicts[name].outcome === one).map(verdictName);
    return those.length === 0 ? [] : [outcomeText(one, those)];
  });
  const warnings = openWarnings(findings);
  const all = Object.keys(verdicts) as VerdictName[];
  const reviewed = all.reduce((sum, name) => sum + verdicts[name].reviewed, 0);
  const parts = [
    ...groups,
    ...(acts > 0 ? [l10n.t('{0} of {1} decisions and deployments are signed', signed, acts)] : []),
    ...(warnings === 0 ? [] : [warningsText(warnings)]),
    ...(warnings === 0 && reviewed > 0
      ? [l10n.t('warnings that were reviewed: {0}', reviewed)]
      : []),
  ];
  const text = parts.join('; ');
  return `${text.charAt(0).toLocaleUpperCase(env.language)}${text.slice(1)}.`;
}

function completenessText({ verdicts, findings }: VerifyReport): string {
  const { seen, commits, pinned } = verdicts.completeness;
  const withheld = ['body.missing', 'content.missing', 'signature.missing'];
  const isBroken = verdicts.completeness.outcome === 'broken';
  const texts = findings.some(({ code }) => withheld.includes(code))
    ? l10n.t('Texts are missing.')
    : isBroken
      ? l10n.t('Something is missing, or is not what was there: see the findings.')
      : l10n.t('Every text is here.');
  const compared = [
    ...(seen === null ? [] : [l10n.t('{0} that this clone saw shared', eventsText(seen))]),
    ...(commits === null
      ? []
      : [
          commits === 1
            ? l10n.t('1 commit of the ledger branch')
            : l10n.t('{0} commits of the ledger branch', commits),
        ]),
    ...(pinned === null ? [] : [l10n.t('{0} that the policy pins', eventsText(pinned))]),
  ];
  return compared.length === 0
    ? l10n.t('{0} Nobody else has seen this ledger yet, so nothing can be compared.', texts)
    : l10n.t('{0} Compared with {1}.', texts, listOf(compared));
}

function authenticityText(verdict: Verdicts['authenticity']): string {
  const { acts, signed, notCounting, oneClone } = verdict;
  if (acts === 0) {
    return l10n.t('There is no decision or deployment yet that could be signed.');
  }
  const sentences = [
    signed === 0
      ? l10n.t('No decision or deployment is signed ({0} recorded): names are what git says.', acts)
      : l10n.t(
          '{0} of {1} decisions and deployments are signed with the own key of who acted.',
          signed,
          acts,
        ),
  ];
  if (notCounting > 0) {
    sentences.push(
      notCounting === 1
        ? l10n.t('1 signature does not count.')
        : l10n.t('{0} signatures do not count.', notCounting),
    );
  }
  if (oneClone > 0) {
    sentences.push(
      oneClone === 1
        ? l10n.t('1 approval comes from the clone that wrote the text.')
        : l10n.t('{0} approvals come from the clone that wrote the text.', oneClone),
    );
  }
  return sentences.join(' ');
}

function outcomeText(outcome: VerdictOutcome, names: readonly string[]): string {
  const one = names.length === 1;
  const list = listOf(names);
  switch (outcome) {
    case 'holds':
      return one ? l10n.t('{0} holds', list) : l10n.t('{0} hold', list);
    case 'doubtful':
      return one ? l10n.t('{0} is in doubt', list) : l10n.t('{0} are in doubt', list);
    case 'broken':
      return one ? l10n.t('{0} is broken', list) : l10n.t('{0} are broken', list);
    case 'unknown':
      return l10n.t('{0} could not be checked', list);
  }
}

function verdictName(name: VerdictName): string {
  switch (name) {
    case 'structure':
      return l10n.t('structure');
    case 'completeness':
      return l10n.t('completeness');
    case 'authenticity':
      return l10n.t('authenticity');
    case 'order':
      return l10n.t('order');
  }
}

function eventsText(count: number): string {
  return count === 1 ? l10n.t('1 event') : l10n.t('{0} events', count);
}

function warningsText(count: number): string {
  return count === 1 ? l10n.t('1 warning') : l10n.t('{0} warnings', count);
}

function listOf(parts: readonly string[]): string {
  return new Intl.ListFormat(env.language).format(parts);
}
