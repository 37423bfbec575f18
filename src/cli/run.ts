import { PromptAuditError } from '../core/errors.js';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { ExitStatus } from '../core/errors.js';
import type { Finding } from '../core/rows.js';
import type { Trail } from '../trail/api.js';
import { parseCommandArgs, splitCommand, type ParsedArgs } from './args.js';
import type { Command, Engine, Invocation } from './command.js';
import { commands } from './commands.js';
import { failureOf } from './failure.js';
import { commandHelp, generalHelp } from './help.js';
import { printable } from './printable.js';
import { painter } from './style.js';
import { nearest } from '../core/nearestText.js';
import type { Terminal } from './terminal.js';
import { programName, programVersion, tool } from './tool.js';
import { usageError } from './usageError.js';

/** Runs one call of the program. Every failure is printed here; gives the exit status (DESIGN.md §8). */
export async function run(
  argv: readonly string[],
  terminal: Terminal,
  engine: Engine,
): Promise<0 | ExitStatus> {
  try {
    return await dispatch(argv, terminal, engine);
  } catch (error) {
    const failure = failureOf(error, terminal.env['PROMPT_AUDIT_DEBUG'] === '1');
    terminal.err(failure.text);
    return failure.status;
  }
}

async function dispatch(
  argv: readonly string[],
  terminal: Terminal,
  engine: Engine,
): Promise<0 | ExitStatus> {
  const { name, rest } = splitCommand(argv);
  if (name === undefined) return withoutCommand(argv, terminal);
  if (name === 'help') return help(rest[0], terminal);
  const command = commandNamed(name);
  const parsed = parseCommandArgs(command, rest);
  if (parsed.values['help'] === true) return help(name, terminal);
  return runCommand(command, parsed, terminal, engine);
}

async function withoutCommand(
  argv: readonly string[],
  terminal: Terminal,
): Promise<0 | ExitStatus> {
  if (argv.includes('--version') || argv.includes('-V')) {
    await terminal.out(`${programName} ${programVersion}\n`);
    return 0;
  }
  if (argv.includes('--help') || argv.includes('-h')) return help(undefined, terminal);
  throw usageError('No command is given.', `Type "${programName} help" for the list of commands.`);
}

async function help(name: string | undefined, terminal: Terminal): Promise<0> {
  const page =
    name === undefined
      ? generalHelp(commands, terminal.colours)
      : commandHelp(commandNamed(name), terminal.colours);
  await terminal.out(page);
  return 0;
}

function commandNamed(name: string): Command {
  const command = commands.find((one) => one.name === name);
  if (command !== undefined) return command;
  const meant = nearest(name, ['help', ...commands.map((one) => one.name)]);
  throw usageError(
    `There is no command "${name}".`,
    meant === undefined
      ? `Type "${programName} help" for the list of commands.`
      : `Did you mean "${meant}"?`,
  );
}

async function runCommand(
  command: Command,
  parsed: ParsedArgs,
  terminal: Terminal,
  engine: Engine,
): Promise<0 | ExitStatus> {
  let opening: Promise<Trail> | undefined;
  const damage = async (): Promise<Finding | null> =>
    (await (await opening?.catch(() => undefined))?.damage()) ?? null;
  const once = (open: () => Promise<Trail>): Promise<Trail> => (opening ??= open());
  const invocation = { ...invocationOf(parsed, terminal, engine, once), damage };
  let status: 0 | ExitStatus;
  try {
    status = await command.run(invocation);
  } catch (error) {
    await finish(command, opening).catch((other: unknown) => {
      // The first error is the answer; what came after must not hide it, nor go unseen.
      terminal.err(failureOf(other, false).text);
    });
    throw error;
  }
  await finish(command, opening).catch((error: unknown) => {
    if (!(error instanceof PromptAuditError) || !error.code.startsWith('disk.')) throw error;
    // What was asked for is done, and durable: who runs it again must not record it twice.
    terminal.err(
      `Recorded, but ledger.sqlite is not up to date yet. ${failureOf(error, false).text}`,
    );
    status = error.exitStatus;
  });
  // What was written has put the files right, where that could be done.
  return (await damage()) === null ? status : 2;
}

/** After a refusal, too: the refusal itself was recorded. */
async function finish(command: Command, opening: Promise<Trail> | undefined): Promise<void> {
  const trail = await opening?.catch(() => undefined);
  if (trail === undefined) return;
  try {
    if (command.writes) await trail.fold();
  } finally {
    await trail.close();
  }
}

function invocationOf(
  { values, positionals }: ParsedArgs,
  terminal: Terminal,
  engine: Engine,
  once: (open: () => Promise<Trail>) => Promise<Trail>,
): Omit<Invocation, 'damage'> {
  const cwd = folderOf(values['cwd'], terminal.cwd);
  const trailOptions = {
    folder: cwd,
    tool,
    source: 'cli',
    // A passphrase or a touch is asked for where somebody can answer, and nowhere else.
    signing: terminal.canAsk ? 'ask' : 'auto',
    warn: (message: string) => terminal.err(`${programName}: warning: ${printable(message)}\n`),
  } as const;
  const texts = (option: string): readonly string[] => {
    const value = values[option];
    return typeof value === 'object' ? value : typeof value === 'string' ? [value] : [];
  };
  return {
    terminal,
    engine,
    paint: painter(terminal.colours),
    cwd,
    positionals,
    json: values['json'] === true,
    text: (option) => texts(option)[0],
    texts,
    flag: (option) => values[option] === true,
    trailOptions,
    trail: () => once(() => engine.openTrail(trailOptions)),
  };
}

function folderOf(given: unknown, started: string): string {
  if (typeof given !== 'string') return started;
  const folder = resolve(started, given);
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return folder;
  throw usageError(`--cwd "${given}" is not a folder.`, 'Give a folder inside the repository.');
}
