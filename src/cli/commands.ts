import type { Command } from './command.js';
import { active } from './commands/active.js';
import { actions } from './commands/actions.js';
import { baseline } from './commands/baseline.js';
import { drift } from './commands/drift.js';
import { exceptions } from './commands/exceptions.js';
import { order } from './commands/order.js';
import { pending } from './commands/pending.js';
import { rollbacks } from './commands/rollbacks.js';
import { sample } from './commands/sample.js';
import { trail } from './commands/trail.js';
import { approve } from './commands/approve.js';
import { blame } from './commands/blame.js';
import { checkProofCommand } from './commands/checkProof.js';
import { checkpoint } from './commands/checkpoint.js';
import { comment } from './commands/comment.js';
import { comments } from './commands/comments.js';
import { coverage } from './commands/coverage.js';
import { deploy } from './commands/deploy.js';
import { diff } from './commands/diff.js';
import { dispose } from './commands/dispose.js';
import { explain } from './commands/explain.js';
import { exportCommand } from './commands/export.js';
import { gate } from './commands/gate.js';
import { hooksCommand } from './commands/hooks.js';
import { identify } from './commands/identify.js';
import { importCommand } from './commands/import.js';
import { init } from './commands/init.js';
import { log } from './commands/log.js';
import { prove } from './commands/prove.js';
import { propose } from './commands/propose.js';
import { record } from './commands/record.js';
import { policy } from './commands/policy.js';
import { purgeHistory } from './commands/purgeHistory.js';
import { recorder } from './commands/recorder.js';
import { redact } from './commands/redact.js';
import { requestReview } from './commands/requestReview.js';
import { revoke } from './commands/revoke.js';
import { reject } from './commands/reject.js';
import { report } from './commands/report.js';
import { requestChanges } from './commands/requestChanges.js';
import { resolve } from './commands/resolve.js';
import { manifest } from './commands/manifest.js';
import { retire } from './commands/retire.js';
import { reviewDeployment } from './commands/reviewDeployment.js';
import { rollback } from './commands/rollback.js';
import { undeploy } from './commands/undeploy.js';
import { show } from './commands/show.js';
import { sign } from './commands/sign.js';
import { status } from './commands/status.js';
import { sync } from './commands/sync.js';
import { verify } from './commands/verify.js';
import { withdraw } from './commands/withdraw.js';

/** All commands, in the order of the help. */
export const commands: readonly Command[] = [
  init,
  status,
  record,
  importCommand,
  propose,
  requestReview,
  approve,
  requestChanges,
  reject,
  revoke,
  withdraw,
  comment,
  comments,
  deploy,
  rollback,
  undeploy,
  reviewDeployment,
  retire,
  manifest,
  log,
  show,
  diff,
  identify,
  blame,
  explain,
  active,
  baseline,
  trail,
  pending,
  actions,
  order,
  rollbacks,
  exceptions,
  sample,
  drift,
  report,
  exportCommand,
  verify,
  coverage,
  gate,
  policy,
  checkpoint,
  prove,
  checkProofCommand,
  dispose,
  recorder,
  sync,
  hooksCommand,
  resolve,
  sign,
  redact,
  purgeHistory,
];
