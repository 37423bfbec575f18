import { globalOptions } from './args.js';
import type { Command, OptionSpec } from './command.js';
import { painter, type Paint } from './style.js';
import { table } from './table.js';
import { programName, programVersion } from './tool.js';

const exitStatuses: readonly (readonly [string, string])[] = [
  ['0', 'answered, and nothing is wrong'],
  ['1', 'answered, and exceptions were found; or what was asked was refused'],
  ['2', 'integrity failure, or no answer is possible'],
  ['3', 'the command line was not understood'],
];

/** The page that lists all commands. */
export function generalHelp(commands: readonly Command[], colours: boolean): string {
  const paint = painter(colours);
  return [
    `${programName} ${programVersion}: the tamper-evident audit trail of your prompts\n`,
    `\nUsage: ${programName} COMMAND [ARGUMENTS] [--json] [--cwd DIR]\n`,
    section(
      'Commands',
      commands.map((one) => [one.name, one.summary]),
      paint,
    ),
    '\nA prompt is named by its path, a version by PATH@v3 or PATH@<first digits of its digest>;\n' +
      "without either the newest version is meant. You act as git's user.\n",
    section(
      'Options of every command',
      [...optionRows(globalOptions), ['--version', 'Print the version of this program.']],
      paint,
    ),
    section('Exit status', exitStatuses, paint),
    `\nMore on one command: ${programName} help COMMAND\n`,
  ].join('');
}

/** The page of one command. */
export function commandHelp(command: Command, colours: boolean): string {
  const paint = painter(colours);
  const examples = command.examples.map((one) => `  # ${one.does}\n  ${programName} ${one.line}\n`);
  return [
    `${command.summary}\n`,
    `\nUsage: ${`${programName} ${command.name} ${command.usage}`.trimEnd()}\n`,
    command.details.length === 0 ? '' : `\n${command.details.join('\n')}\n`,
    section('Options', optionRows({ ...command.options, ...globalOptions }), paint),
    `\n${paint('bold', 'Examples')}\n${examples.join('')}`,
  ].join('');
}

function section(title: string, rows: readonly (readonly string[])[], paint: Paint): string {
  return rows.length === 0 ? '' : `\n${paint('bold', title)}\n${table(rows, { paint, indent: 2 })}`;
}

function optionRows(options: Readonly<Record<string, OptionSpec>>): string[][] {
  return Object.entries(options).map(([name, spec]) => {
    const short = spec.short === undefined ? '' : `-${spec.short}, `;
    return [`${short}--${name}${spec.value === undefined ? '' : ` ${spec.value}`}`, spec.help];
  });
}
