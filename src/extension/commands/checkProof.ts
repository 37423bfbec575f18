import { l10n, window, workspace } from 'vscode';
import { PromptAuditError } from '../../core/errors.js';
import type { ProofReport } from '../../core/proofReport.js';
import { chooseProof } from '../proof/chooseProof.js';
import { proofWords, type OwnLedger } from '../proof/proofWords.js';
import type { ProofApi } from '../session/trailApi.js';
import type { Sessions } from '../session/sessions.js';
import type { CommandHandler } from './context.js';

/** Checks a proof from anywhere; where its ledger is open here, compares the two. */
export const checkProof: CommandHandler = async ({ sessions, proofs }, argument) => {
  if (!workspace.isTrusted) {
    throw new PromptAuditError({
      code: 'usage',
      message: l10n.t('Proofs are not checked in a workspace that is not trusted.'),
      remedy: l10n.t('Trust the workspace first.'),
    });
  }
  const proof = await chooseProof(argument, l10n.t('Check Proof'));
  if (proof === undefined) {
    return;
  }
  const older = await olderCheckpoint(sessions, proofs, proof);
  const report = await proofs.checkProof({ proof, ...older });
  const own = report.holds ? await ownLedger(sessions, report) : 'none';
  const { message, detail, isDoubtful } = proofWords(report, own);
  const options = { modal: true, detail };
  if (!report.holds || own === 'differs') {
    await window.showErrorMessage(message, options);
  } else if (isDoubtful) {
    await window.showWarningMessage(message, options);
  } else {
    await window.showInformationMessage(message, options);
  }
};

/** Where a consistency proof begins, from the ledger that is open here. */
async function olderCheckpoint(
  sessions: Sessions,
  proofs: ProofApi,
  text: string,
): Promise<{ readonly checkpoint?: string }> {
  const start = await proofs.proofStart(text);
  for (const { trail } of start === null ? [] : sessions.all) {
    const here = await trail?.point();
    if (trail && start && here?.id === start.ledger && start.size >= 1 && start.size <= here.size) {
      return { checkpoint: (await trail.checkpoint(start.size)).text };
    }
  }
  return {};
}

async function ownLedger(sessions: Sessions, { point }: ProofReport): Promise<OwnLedger> {
  for (const { trail } of sessions.all) {
    if (trail === null || point === null) {
      continue;
    }
    const { id, size } = await trail.point();
    if (id !== point.id) {
      continue;
    }
    if (size < point.size) {
      return 'shorter';
    }
    const ours = await trail.checkpoint(point.size);
    return ours.point.root === point.root ? 'same' : 'differs';
  }
  return 'none';
}
