import { isPromptAuditError, PromptAuditError } from '../core/errors.js';

/** The system's code of an error, such as ENOSPC; empty when it has none. */
export function errorCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

/** `disk.full`, `disk.readOnly` or `disk.failed` for what a file operation threw. */
export function diskError(error: unknown, path: string): PromptAuditError {
  if (isPromptAuditError(error)) return error;
  const code = errorCode(error);
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new PromptAuditError({
      code: 'disk.full',
      message: `The disk has no room left for ${path}.`,
      remedy: 'Free some space and try again. What was recorded before is still there.',
      cause: error,
    });
  }
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') {
    return new PromptAuditError({
      code: 'disk.readOnly',
      message: `${path} cannot be written.`,
      remedy: 'Give yourself write access to its folder and try again. Reading works without it.',
      cause: error,
    });
  }
  return new PromptAuditError({
    code: 'disk.failed',
    message: `The disk failed on ${path} (${code || String(error)}).`,
    remedy: 'Check the disk and try again. What was recorded before is still there.',
    cause: error,
  });
}

/** Runs a file operation; what it throws becomes one of the disk errors about `path`. */
export async function onDisk<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw diskError(error, path);
  }
}
