import { l10n } from 'vscode';
import { isAboutCheckpoint } from '../../core/proofReach.js';
import type { ProofReport } from '../../core/proofReport.js';
import { signatureText } from '../../core/signatureText.js';
import { shortHash } from '../../core/labels.js';

/** How the ledger that is open here relates to a proof. */
export type OwnLedger = 'same' | 'differs' | 'shorter' | 'none';

/** What a dialogue says of a proof. */
export function proofWords(
  report: ProofReport,
  own: OwnLedger,
): { readonly message: string; readonly detail: string; readonly isDoubtful: boolean } {
  const { holds, event, point, problems } = report;
  if (!holds || point === null) {
    return {
      message: l10n.t('This proof does not hold.'),
      detail: problems.map(({ message }) => message).join('\n'),
      isDoubtful: true,
    };
  }
  // The ledger that is open here says more than a checkpoint could.
  const doubts = report.warnings.filter((one) => own !== 'same' || !isAboutCheckpoint(one));
  const message =
    own === 'differs'
      ? l10n.t('This proof holds, but not for the ledger that is open here.')
      : doubts.some(isAboutCheckpoint)
        ? l10n.t('This proof fits the checkpoint inside it, which was compared with nothing.')
        : l10n.t('This proof holds.');
  const lines = [
    ...(event === null
      ? []
      : [
          l10n.t('Event {0} ({1}): {2}', event.seq, shortHash(event.id), event.type),
          l10n.t('At {0}, by the clock of the writer', event.at),
          ...said(event.body),
        ]),
    l10n.t('Ledger {0}, up to event {1}', shortHash(point.id), point.size),
    ownText[own](),
    ...report.signatures.map((one) => signatureText(one)),
    '',
    l10n.t('What it does not show:'),
    ...limitsBeside(report, own).map((text) => `• ${text}`),
  ];
  return { message, detail: lines.join('\n'), isDoubtful: doubts.length > 0 };
}

const ownText: Readonly<Record<OwnLedger, () => string>> = {
  same: () => l10n.t('The ledger that is open here has the same checkpoint.'),
  differs: () =>
    l10n.t('The ledger that is open here has another history: one of the two is not the original.'),
  shorter: () => l10n.t('The ledger that is open here does not go that far. Sync, then try again.'),
  none: () => l10n.t('No ledger that is open here could be compared.'),
};

/** The first limit says to compare the checkpoint, which was done where the ledger is open here. */
function limitsBeside({ limits }: ProofReport, own: OwnLedger): readonly string[] {
  return own === 'same' ? limits.slice(1) : limits;
}

/** The free texts of the person, which are what somebody wants to read first. */
function said(body: Readonly<Record<string, unknown>> | null): readonly string[] {
  const texts = [body?.['path'], body?.['note'], body?.['meaning'], body?.['reason']];
  return texts.filter((text): text is string => typeof text === 'string').map(oneLine);
}

/** A proof comes from anywhere: its texts must not push the rest of the dialogue away. */
function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
