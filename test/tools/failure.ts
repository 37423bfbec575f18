import assert from 'node:assert/strict';
import {
  type PromptAuditError,
  isPromptAuditError,
  type ErrorCode,
} from '../../src/core/errors.js';

/** The error of this code that a promise ends with; fails the test where it ends in any other way. */
export async function failure(
  promise: Promise<unknown>,
  code: ErrorCode,
): Promise<PromptAuditError> {
  const error: unknown = await promise.then(
    () => assert.fail('nothing was refused'),
    (e: unknown) => e,
  );
  assert.ok(isPromptAuditError(error, code), String(error));
  return error;
}
