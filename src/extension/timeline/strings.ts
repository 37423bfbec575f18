import { l10n } from 'vscode';
import { reviewFaults } from '../status/reviewFaults.js';
import type { ReadyResult } from '../../webview/protocol.js';
import { detailStrings } from './detailStrings.js';
import { kindStrings } from './kindStrings.js';

type Strings = ReadyResult['strings'];

/** Every word of the page, in the language of VS Code. */
export function timelineStrings(): Strings {
  return {
    ...kindStrings(),
    bar: barStrings(),
    verify: verifyStrings(),
    list: listStrings(),
    detail: detailStrings(),
    error: { retry: l10n.t('Retry'), dismiss: l10n.t('Dismiss') },
  };
}

function barStrings(): Strings['bar'] {
  return {
    label: l10n.t('Filter events'),
    search: l10n.t('Filter by text'),
    placeholder: l10n.t('Filter by person, prompt, note or event ID'),
    clear: l10n.t('Clear Text'),
    prompt: l10n.t('Filter by prompt'),
    allPrompts: l10n.t('All prompts'),
    kinds: l10n.t('Filter by kind'),
    oneEvent: l10n.t('1 event'),
    events: l10n.t('{0} events'),
    someEvents: l10n.t('{0} of {1} events'),
    searching: l10n.t('Searching… {0} found'),
    reset: l10n.t('Reset Filters'),
  };
}

function verifyStrings(): Strings['verify'] {
  return {
    intact: l10n.t('Verified · {0} events'),
    intactPart: l10n.t('Verified · {0} of {1} events'),
    oneWarning: l10n.t('1 warning'),
    warnings: l10n.t('{0} warnings'),
    brokenAt: l10n.t('Broken at event {0}'),
    broken: l10n.t('Ledger is broken'),
    unknown: l10n.t('Not verified yet'),
    running: l10n.t('Verifying…'),
    now: l10n.t('Verify Now'),
    again: l10n.t('Verify Everything Again'),
    checkedAll: l10n.t('All {0} events were checked now.'),
    checkedBefore: l10n.t(
      '{0} of {1} events were checked on {2}, and their files are still the same.',
    ),
    verdicts: {
      structure: l10n.t('Structure'),
      completeness: l10n.t('Completeness'),
      authenticity: l10n.t('Authenticity'),
      order: l10n.t('Order'),
    },
    outcomes: {
      holds: l10n.t('Holds'),
      doubtful: l10n.t('In doubt'),
      broken: l10n.t('Broken'),
      unknown: l10n.t('Not checked'),
      unsigned: l10n.t('Not signed'),
      partly: l10n.t('Partly signed'),
    },
    review: l10n.t('Mark as Reviewed…'),
    reviewed: l10n.t('Reviewed by {0} on {1}: {2}'),
    earlierReviews: l10n.t('Reviews before: {0}.'),
    reviewedOf: l10n.t('reviewed: {0} of {1}'),
    reviewedAll: l10n.t('all reviewed: {0}'),
    reviewFaults: reviewFaults(),
    title: l10n.t('Verification'),
    nothing: l10n.t('There are no findings.'),
    never: l10n.t(
      'The ledger was not verified in this session. Verify it to see whether it is whole.',
    ),
    expected: l10n.t('Expected'),
    found: l10n.t('Found'),
    remedy: l10n.t('What to do'),
    showEvent: l10n.t('Show Event'),
    showFindings: l10n.t('Show Findings'),
    moreFindings: l10n.t('{0} more findings are in the Problems view.'),
    position: l10n.t('Event {0}'),
    severity: {
      error: l10n.t('Error'),
      warning: l10n.t('Warning'),
      info: l10n.t('Information'),
    },
  };
}

function listStrings(): Strings['list'] {
  return {
    label: l10n.t('Events, newest first'),
    loading: l10n.t('Loading events…'),
    oneNew: l10n.t('1 new event'),
    manyNew: l10n.t('{0} new events'),
    emptyTitle: l10n.t('Nothing is recorded yet'),
    emptyHint: l10n.t('Save a tracked prompt, and its first revision appears here.'),
    noMatchTitle: l10n.t('No event matches'),
    noMatchHint: l10n.t('No event of the ledger passes these filters.'),
    provisional: l10n.t('not synced'),
    broken: l10n.t('Broken event'),
  };
}
