import { env, version, window, type LogOutputChannel } from 'vscode';
import { isPromptAuditError } from '../../core/errors.js';

/** The one log of the extension. Not localized: it is read by who helps, not by who is helped. */
export type Log = LogOutputChannel;

export function createLog(extensionVersion: string): Log {
  const log = window.createOutputChannel('Prompt Audit', { log: true });
  log.info(
    `[start] Prompt Audit ${extensionVersion}, VS Code ${version}, ${env.remoteName ?? 'local'}; ` +
      'set the level with "Developer: Set Log Level…"',
  );
  return log;
}

/** Writes an error with its causes, for the log only. */
export function logError(log: Log, scope: string, error: unknown): void {
  for (let cause = error, depth = 0; cause !== undefined && depth < 5; depth++) {
    const code = isPromptAuditError(cause) ? ` (${cause.code})` : '';
    const text = cause instanceof Error ? (cause.stack ?? cause.message) : JSON.stringify(cause);
    log.error(`[${scope}]${depth > 0 ? ' caused by' : ''}${code} ${text}`);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
}
