/**
 * Exit statuses of the command line (DESIGN.md §8).
 * 1: answered, and exceptions were found. 2: integrity failure, or no answer is possible. 3: usage.
 */
export type ExitStatus = 1 | 2 | 3;

const exitStatusOf = {
  usage: 3,
  'path.outside': 3,
  'path.notTracked': 1,
  'prompt.unknown': 1,
  'prompt.unreadable': 2,
  'prompt.tooLarge': 1,
  'ref.unknown': 1,
  'history.shallow': 1,
  'version.unknown': 1,
  'version.ambiguous': 1,
  'version.provisional': 1,
  'version.unchanged': 1,
  'note.missing': 1,
  'reason.missing': 1,
  'decision.unknown': 1,
  'revocation.refused': 1,
  'withdrawal.refused': 1,
  'comment.invalid': 1,
  'comment.unknown': 1,
  'finding.unknown': 1,
  'recorder.paused': 1,
  'environment.unknown': 1,
  'decision.refused': 1,
  'deployment.refused': 1,
  'redaction.refused': 1,
  'redaction.target': 1,
  'person.unknown': 1,
  'content.redacted': 1,
  'rollback.noTarget': 1,
  'promotion.notDeployed': 1,
  'undeploy.nothing': 1,
  'undeploy.refused': 1,
  'retire.active': 1,
  'retire.already': 1,
  'review.notBreakGlass': 1,
  'review.refused': 1,
  'unattended.refused': 1,
  'event.unknown': 1,
  'content.missing': 2,
  'proof.invalid': 2,
  'proof.inconsistent': 2,
  'file.exists': 1,
  'identity.missing': 2,
  'policy.unknown': 1,
  'policy.missing': 2,
  'policy.invalid': 2,
  'ledger.missing': 2,
  'ledger.exists': 1,
  'ledger.damaged': 2,
  'ledger.futureVersion': 2,
  'ledger.foreign': 2,
  'ledger.tooLarge': 2,
  'ledger.locked': 2,
  'event.invalid': 2,
  'disk.full': 2,
  'disk.readOnly': 2,
  'disk.failed': 2,
  'git.missing': 2,
  'history.incomplete': 2,
  'git.failed': 2,
  'git.timeout': 2,
  'sync.noRemote': 1,
  'sync.offline': 2,
  'sync.refused': 2,
  'sync.rewritten': 2,
  'sync.busy': 2,
  'checkpoint.unmet': 2,
  'resolve.nothing': 1,
  'resolve.refused': 1,
  'signing.notSetUp': 1,
  'signing.failed': 2,
  'signing.locked': 2,
  'signing.timeout': 2,
  'engine.failed': 2,
  cancelled: 1,
} as const satisfies Record<string, ExitStatus>;

/** What went wrong, for programs. Messages may change; codes do not. */
export type ErrorCode = keyof typeof exitStatusOf;

/** Whether a text is one of the codes. */
export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(exitStatusOf, code);
}

/** The one error type of this project: a code, what happened to what, and what to do about it. */
export class PromptAuditError extends Error {
  override readonly name = 'PromptAuditError';
  readonly code: ErrorCode;
  /** One sentence that says what the user can do; shown after the message. */
  readonly remedy: string;
  /** Reason codes of a refusal (src/core/reasons.ts), else empty. */
  readonly reasons: readonly string[];

  constructor(input: {
    code: ErrorCode;
    message: string;
    remedy: string;
    reasons?: readonly string[];
    cause?: unknown;
  }) {
    super(input.message, input.cause === undefined ? undefined : { cause: input.cause });
    this.code = input.code;
    this.remedy = input.remedy;
    this.reasons = input.reasons ?? [];
  }

  /** The exit status that the command line ends with for this error. */
  get exitStatus(): ExitStatus {
    return exitStatusOf[this.code];
  }
}

/** Whether `error` is a PromptAuditError, with this code if one is given. */
export function isPromptAuditError(error: unknown, code?: ErrorCode): error is PromptAuditError {
  return error instanceof PromptAuditError && (code === undefined || error.code === code);
}
