import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Command, OptionSpec } from './command.js';
import { nearest } from '../core/nearestText.js';
import { usageError } from './usageError.js';

export const globalOptions: Readonly<Record<string, OptionSpec>> = {
  json: { type: 'boolean', help: 'Print the answer as JSON.' },
  cwd: { type: 'string', value: 'DIR', help: 'Work in DIR instead of the current folder.' },
  help: { type: 'boolean', short: 'h', help: 'Print this help.' },
};

export interface ParsedArgs {
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
}

/** Splits the command's name from the other arguments, wherever it stands among them. */
export function splitCommand(argv: readonly string[]): {
  name: string | undefined;
  rest: string[];
} {
  const { tokens } = parseArgs({
    args: [...argv],
    options: configOf(globalOptions),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const first = tokens.find((token) => token.kind === 'positional');
  if (first === undefined) return { name: undefined, rest: [...argv] };
  return { name: first.value, rest: argv.filter((_, index) => index !== first.index) };
}

/** Parses what follows the command's name. Throws `usage`. */
export function parseCommandArgs(command: Command, args: readonly string[]): ParsedArgs {
  const options = { ...command.options, ...globalOptions };
  const given = command.takesText === true ? textsLast(args) : args;
  const { values, positionals } = parseOrExplain(command, options, given);
  const [fewest, most] = command.positionals;
  if (values['help'] !== true && positionals.length < fewest) {
    throw usageError(`${command.name} needs ${command.usage.split(' ')[0]}.`, usageHint(command));
  }
  if (positionals.length > most) {
    throw usageError(`${command.name} does not take "${positionals[most]}".`, usageHint(command));
  }
  return { values: values as ParsedArgs['values'], positionals };
}

/** A text that begins with a dash, as front matter does, is no option where it does not look like one. */
function textsLast(args: readonly string[]): readonly string[] {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  const isText = (arg: string): boolean => /^-/.test(arg) && !/^--?\w[\w-]*(?:=|$)/.test(arg);
  const before = args.slice(0, end);
  return [
    ...before.filter((arg) => !isText(arg)),
    '--',
    ...before.filter(isText),
    ...args.slice(end + 1),
  ];
}

function parseOrExplain(
  command: Command,
  options: Readonly<Record<string, OptionSpec>>,
  args: readonly string[],
) {
  try {
    const parsed = parseArgs({
      args: [...args],
      options: configOf(options),
      allowPositionals: true,
      tokens: true,
    });
    refuseDoubles(command, options, parsed.tokens);
    return parsed;
  } catch (error) {
    throw explained(error, command, options);
  }
}

/** parseArgs takes the last one silently; in a record that is kept for ever that loses what somebody meant. */
function refuseDoubles(
  command: Command,
  options: Readonly<Record<string, OptionSpec>>,
  tokens: readonly { kind: string; name?: string }[],
): void {
  const seen = new Set<string>();
  for (const { kind, name } of tokens) {
    if (kind !== 'option' || name === undefined) continue;
    if (seen.has(name) && options[name]?.type === 'string' && options[name].multiple !== true) {
      throw usageError(`--${name} is given twice.`, usageHint(command));
    }
    seen.add(name);
  }
}

function explained(
  error: unknown,
  command: Command,
  options: Readonly<Record<string, OptionSpec>>,
): unknown {
  const { code, message } = error as { code?: string; message?: string };
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const given = /'(-[^']*)'/.exec(message ?? '')?.[1] ?? 'an option';
    const meant = nearest(given.replace(/^-+/, ''), Object.keys(options));
    const hint = meant === undefined ? '' : `Did you mean --${meant}? `;
    return usageError(`${command.name} has no option ${given}.`, hint + usageHint(command));
  }
  if (code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') {
    const given = /'([^']*)'/.exec(message ?? '')?.[1] ?? 'An option';
    const name = /--[\w-]+/.exec(given)?.[0] ?? given;
    const takes = options[name.replace(/^--/, '')]?.type === 'string';
    const problem = takes
      ? `${name} needs a value (one that begins with "-" is written ${name}=VALUE).`
      : `${name} takes no value.`;
    return usageError(problem, usageHint(command));
  }
  return error;
}

/** The usage line, as the hint after a usage error. */
export function usageHint(command: Command): string {
  return `Usage: prompt-audit ${command.name} ${command.usage}`.trimEnd();
}

function configOf(options: Readonly<Record<string, OptionSpec>>) {
  const config: NonNullable<ParseArgsConfig['options']> = {};
  for (const [name, { type, short, multiple }] of Object.entries(options)) {
    config[name] = {
      type,
      ...(short === undefined ? {} : { short }),
      ...(multiple === undefined ? {} : { multiple }),
    };
  }
  return config;
}
