import type { CommandHandler } from './context.js';
import { compareVersions, compareWithApproved, copyDigest, openVersion } from './compare.js';
import { askForReview } from './askForReview.js';
import { askTrail } from './askTrail.js';
import { checkProof } from './checkProof.js';
import {
  addComment,
  commentOnVersion,
  redactComment,
  reopenComment,
  replyToComment,
  resolveComment,
} from './comments.js';
import { copyProof } from './copyProof.js';
import { approve, approveSeveral, reject, requestChanges, review } from './decide.js';
import { recordDeployment } from './deploy.js';
import { createReport, exportEvidence } from './evidence.js';
import { explain } from './explain.js';
import { installHooks, removeHooks } from './hooks.js';
import { identify } from './identify.js';
import { importHistory } from './importHistory.js';
import { initialize, openPolicy, refresh } from './initialize.js';
import { openTimeline, showHistory, showLog, signIn, sync, verify, verifyFull } from './ledger.js';
import { propose, recordRevision } from './record.js';
import { pauseRecorder, resumeRecorder } from './recorder.js';
import { redact } from './redact.js';
import { reviewFinding } from './reviewFinding.js';
import { resolveRemote } from './resolveRemote.js';
import { revokeDecision } from './revoke.js';
import { retirePrompt } from './retire.js';
import { reviewDeployment } from './reviewDeployment.js';
import { rollBack } from './rollBack.js';
import { sign } from './sign.js';
import { undeploy } from './undeploy.js';
import { withdrawVersion } from './withdraw.js';

/** Every command of package.json and what it does. A test holds the two lists together. */
export const commandTable = {
  'promptAudit.initialize': initialize,
  'promptAudit.importHistory': importHistory,
  'promptAudit.recordRevision': recordRevision,
  'promptAudit.pauseRecorder': pauseRecorder,
  'promptAudit.resumeRecorder': resumeRecorder,
  'promptAudit.installHooks': installHooks,
  'promptAudit.removeHooks': removeHooks,
  'promptAudit.propose': propose,
  'promptAudit.compareWithApproved': compareWithApproved,
  'promptAudit.review': review,
  'promptAudit.approve': approve,
  'promptAudit.approveSeveral': approveSeveral,
  'promptAudit.requestChanges': requestChanges,
  'promptAudit.reject': reject,
  'promptAudit.askForReview': askForReview,
  'promptAudit.revokeDecision': revokeDecision,
  'promptAudit.withdrawVersion': withdrawVersion,
  'promptAudit.explain': explain,
  'promptAudit.commentOnVersion': commentOnVersion,
  'promptAudit.addComment': addComment,
  'promptAudit.replyToComment': replyToComment,
  'promptAudit.resolveComment': resolveComment,
  'promptAudit.reopenComment': reopenComment,
  'promptAudit.redactComment': redactComment,
  'promptAudit.recordDeployment': recordDeployment,
  'promptAudit.rollBack': rollBack,
  'promptAudit.undeploy': undeploy,
  'promptAudit.retirePrompt': retirePrompt,
  'promptAudit.reviewDeployment': reviewDeployment,
  'promptAudit.identify': identify,
  'promptAudit.askTrail': askTrail,
  'promptAudit.exportEvidence': exportEvidence,
  'promptAudit.createReport': createReport,
  'promptAudit.openTimeline': openTimeline,
  'promptAudit.verify': verify,
  'promptAudit.verifyFull': verifyFull,
  'promptAudit.reviewFinding': reviewFinding,
  'promptAudit.sync': sync,
  'promptAudit.resolveRemote': resolveRemote,
  'promptAudit.signIn': signIn,
  'promptAudit.showHistory': showHistory,
  'promptAudit.compareVersions': compareVersions,
  'promptAudit.openVersion': openVersion,
  'promptAudit.openPolicy': openPolicy,
  'promptAudit.copyDigest': copyDigest,
  'promptAudit.refresh': refresh,
  'promptAudit.sign': sign,
  'promptAudit.copyProof': copyProof,
  'promptAudit.checkProof': checkProof,
  'promptAudit.redact': redact,
  'promptAudit.showLog': showLog,
} as const satisfies Record<string, CommandHandler>;

export type CommandId = keyof typeof commandTable;
