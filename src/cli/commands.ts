import type { Command } from './command.js';
import { active } from './commands/active.js';
import { approve } from './commands/approve.js';
import { checkProofCommand } from './commands/checkProof.js';
import { checkpoint } from './commands/checkpoint.js';
import { coverage } from './commands/coverage.js';
import { deploy } from './commands/deploy.js';
import { dispose } from './commands/dispose.js';
import { hooksCommand } from './commands/hooks.js';
import { importCommand } from './commands/import.js';
import { init } from './commands/init.js';
import { log } from './commands/log.js';
import { prove } from './commands/prove.js';
import { propose } from './commands/propose.js';
import { record } from './commands/record.js';
import { purgeHistory } from './commands/purgeHistory.js';
import { recorder } from './commands/recorder.js';
import { redact } from './commands/redact.js';
import { reject } from './commands/reject.js';
import { requestChanges } from './commands/requestChanges.js';
import { resolve } from './commands/resolve.js';
import { rollback } from './commands/rollback.js';
import { show } from './commands/show.js';
import { sign } from './commands/sign.js';
import { status } from './commands/status.js';
import { sync } from './commands/sync.js';
import { verify } from './commands/verify.js';

/** All commands, in the order of the help. */
export const commands: readonly Command[] = [
  init,
  status,
  record,
  importCommand,
  propose,
  approve,
  requestChanges,
  reject,
  deploy,
  rollback,
  log,
  show,
  active,
  verify,
  coverage,
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
