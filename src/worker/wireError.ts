import { isErrorCode, PromptAuditError } from '../core/errors.js';
import type { WireError } from './protocol.js';

/** What crosses of an error: never its stack. */
export function toWire(error: unknown): WireError {
  if (error instanceof PromptAuditError) {
    const { code, message, remedy, reasons } = error;
    return { code, message, remedy, reasons: [...reasons] };
  }
  return toWire(unexpected(error));
}

/** The error as the other side threw it. */
export function fromWire({ code, message, remedy, reasons }: WireError): PromptAuditError {
  return new PromptAuditError({
    code: isErrorCode(code) ? code : 'engine.failed',
    message,
    remedy,
    reasons,
  });
}

/** A bug, in a sentence for people. */
export function unexpected(error: unknown): PromptAuditError {
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const [line = ''] = said.split('\n');
  return new PromptAuditError({
    code: 'engine.failed',
    message: `Prompt Audit met an error that it does not know (${line.slice(0, 200)}).`,
    remedy: 'Nothing that was recorded is lost. Try again; if it stays, please report it.',
  });
}

/** For the calls that were under way when the worker ended. */
export function workerEnded(why: string): PromptAuditError {
  return new PromptAuditError({
    code: 'engine.failed',
    message: `The process that reads the ledger ended (${why}).`,
    remedy:
      'Nothing that was recorded is lost. Look whether your last action was recorded, then try again: it starts anew by itself.',
  });
}

/** For calls when the window is closing. */
export function windowCloses(): PromptAuditError {
  return new PromptAuditError({
    code: 'cancelled',
    message: 'Cancelled: the window is closing.',
    remedy: 'Open it again and try once more.',
  });
}
