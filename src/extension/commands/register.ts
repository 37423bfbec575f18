import { commands, CancellationError, type Disposable } from 'vscode';
import { showError } from '../notices/showError.js';
import type { CommandContext } from './context.js';
import { commandTable } from './table.js';

/** Registers the table; what a handler throws becomes one message with its remedy. */
export function registerCommands(context: CommandContext): Disposable[] {
  return Object.entries(commandTable).map(([id, handler]) =>
    commands.registerCommand(id, async (argument: unknown, selection: unknown) => {
      const began = performance.now();
      try {
        await handler(context, argument, selection);
        context.log.debug(`[${id}] ${Math.round(performance.now() - began)} ms`);
      } catch (error) {
        if (!(error instanceof CancellationError)) {
          showError(context.log, id, error);
        }
      }
    }),
  );
}
