import { l10n, window, workspace } from 'vscode';
import { checkProof as check } from '../../core/checkProof.js';
import { looksLikeConsistencyProof, parseConsistencyProof } from '../../core/consistencyProof.js';
import { PromptAuditError } from '../../core/errors.js';
import type { ProofReport } from '../../core/proofReport.js';
import { readCheckpoint } from '../../core/signedCheckpoint.js';
import { chooseProof } from '../proof/chooseProof.js';
import { proofWords, type OwnLedger } from '../proof/proofWords.js';
import type { Sessions } from '../session/sessions.js';
import type { CommandHandler } from './context.js';

/** Checks a proof from anywhere; where its ledger is open here, compares the two. */
export const checkProof: CommandHandler = async ({ sessions }, argument) => {
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
  const report = check({ proof, ...(await olderCheckpoint(sessions, proof)) });
  const own = report.holds ? await ownLedger(sessions, report) : 'none';
  const { message, detail } = proofWords(report, own);
  const options = { modal: true, detail };
  if (!report.holds || own === 'differs') {
    await window.showErrorMessage(message, options);
  } else if (report.warnings.length > 0) {
    await window.showWarningMessage(message, options);
  } else {
    await window.showInformationMessage(message, options);
  }
};

/** Where a consistency proof begins, from the ledger that is open here. */
async function olderCheckpoint(
  sessions: Sessions,
  text: string,
): Promise<{ readonly checkpoint?: string }> {
  const proof = looksLikeConsistencyProof(text) ? parseConsistencyProof(text) : null;
  const newer =
    proof === null || typeof proof === 'string' ? null : readCheckpoint(proof.checkpoint);
  if (proof === null || typeof proof === 'string' || newer === null || typeof newer === 'string') {
    return {};
  }
  for (const { trail } of sessions.all) {
    const here = await trail?.point();
    if (trail && here?.id === newer.point.id && proof.oldSize >= 1 && proof.oldSize <= here.size) {
      return { checkpoint: (await trail.checkpoint(proof.oldSize)).text };
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
