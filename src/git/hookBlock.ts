import type { HookName } from './hooksApi.js';

const opening = '# >>> prompt-audit >>>';
const closing = '# <<< prompt-audit <<<';
const blockPattern = /^# >>> prompt-audit >>>\r?\n[\s\S]*?^# <<< prompt-audit <<<(?:\r?\n|$)/m;
const strictWord = ' --strict';
const madeLine = '# There was no hook before.';
const joinedLine = '# The line above had no end.';

/** The first line of a hook that is made here. */
export const shellLine = '#!/bin/sh\n';

/** The folder beside the hooks where one is kept that no line of shell can be put into. */
export const keptFolder = 'prompt-audit';

export interface BlockInput {
  readonly hook: HookName;
  readonly strict: boolean;
  /**
   * `file`: git runs the file, so the rest of it runs first, as a process of its own: whatever it ends with, ours
   * comes last. `script`: another program runs it, line by line.
   */
  readonly runs: 'file' | 'script';
  /** The file is tracked: whoever has no prompt-audit must not hear of it at each commit. */
  readonly isShared: boolean;
  /** The file exists for this block only. */
  readonly made: boolean;
  /** The block comes after a line without an end, which it gets for as long as the block is there. */
  readonly joined?: boolean;
}

/**
 * The lines that start the program, for any POSIX shell, with `-e` and `-u` or without. They name no path of this
 * machine: where the program is says the file `run` in the folder of the clone.
 */
export function hookBlock(input: BlockInput): string {
  const { hook, strict, runs, isShared, made, joined = false } = input;
  const call = `${hook}${strict ? strictWord : ''}`;
  const otherwise = strict ? 'exit $?' : ':';
  const indent = runs === 'file' ? '  ' : '';
  const program = [
    'prompt_audit=$(git rev-parse --git-common-dir)/prompt-audit/hooks/run',
    'if [ -f "$prompt_audit" ]; then',
    `  sh "$prompt_audit" ${call} </dev/null || ${otherwise}`,
    'elif command -v prompt-audit >/dev/null 2>&1; then',
    `  prompt-audit hooks run ${call} </dev/null || ${otherwise}`,
    ...(isShared
      ? []
      : [
          'else',
          `  echo 'prompt-audit: the program was not found, so this ${hook} hook did nothing.' >&2`,
          ...(strict ? ['  exit 1'] : []),
        ]),
    'fi',
  ].map((line) => `${indent}${line}`);
  const rest = [
    `if [ "\${PROMPT_AUDIT_CHAINED-}" = ${hook} ]; then`,
    '  unset PROMPT_AUDIT_CHAINED',
    'else',
    '  # First all other lines of this file, with the same arguments and input.',
    '  case $0 in */*) prompt_audit=$0 ;; *) prompt_audit=./$0 ;; esac',
    `  PROMPT_AUDIT_CHAINED=${hook} "$prompt_audit" "$@" || exit $?`,
  ];
  const lines = [
    opening,
    '# By "prompt-audit hooks install"; "prompt-audit hooks remove" takes these lines away.',
    ...(made ? [madeLine] : []),
    ...(joined ? [joinedLine] : []),
    ...(runs === 'file' ? [...rest, ...program, '  exit 0', 'fi'] : program),
    closing,
  ];
  return `${lines.join('\n')}\n`;
}

/** Bytes of a hook as text and back, whatever its encoding. */
export const hookText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
export const hookBytes = (text: string): Buffer => Buffer.from(text, 'latin1');

export interface FoundBlock {
  readonly text: string;
  readonly strict: boolean;
  readonly made: boolean;
  readonly joined: boolean;
}

export function findBlock(text: string): FoundBlock | null {
  const found = blockPattern.exec(text)?.[0];
  if (found === undefined) return null;
  return {
    text: found,
    strict: found.includes(strictWord),
    made: found.includes(madeLine),
    joined: found.includes(joinedLine),
  };
}

/** The text without the block; all else stays byte for byte. */
export function withoutBlock(text: string): string {
  const found = blockPattern.exec(text);
  if (found === null) return text;
  const before = text.slice(0, found.index);
  const after = text.slice(found.index + found[0].length);
  const isJoined = found[0].includes(joinedLine) && after === '';
  return (isJoined ? before.replace(/\n$/, '') : before) + after;
}

export function withBlock(text: string, block: string, runs: BlockInput['runs']): string {
  // A function: "$0" in a replacement would mean something.
  if (blockPattern.test(text)) return text.replace(blockPattern, () => block);
  if (runs === 'script') return `${text}${lacksEnd(text) ? '\n' : ''}${block}`;
  const end = text.indexOf('\n') + 1;
  return text.slice(0, end) + block + text.slice(end);
}

export function lacksEnd(text: string): boolean {
  return text !== '' && !text.endsWith('\n');
}

/** Whether a hook is a script of a POSIX shell, so that lines can be put below its first one. */
export function isShellScript(text: string): boolean {
  const [, program = '', words = ''] = /^#![ \t]*(\S+)([^\n]*)\n/.exec(text) ?? [];
  const name = program.endsWith('/env')
    ? (words
        .trim()
        .split(/\s+/)
        .find((word) => !/^-|=/.test(word)) ?? '')
    : program;
  return /^(?:.*\/)?(?:ba|da|a|k|z)?sh$/.test(name.trim()) && !text.includes('\0');
}

/** What calls the kept hook, as the rest of a file that is made here. */
export function keptCall(hook: HookName): string {
  const kept = `"\${0%/*}/${keptFolder}/${hook}"`;
  return [
    '# The hook that was here before.',
    `if [ -x ${kept} ]; then`,
    `  exec ${kept} "$@"`,
    'fi\n',
  ].join('\n');
}
