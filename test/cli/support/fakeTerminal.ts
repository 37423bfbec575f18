import type { Terminal } from '../../../src/cli/terminal.js';

export interface FakeTerminal extends Terminal {
  readonly printed: () => string;
  readonly complained: () => string;
  readonly asked: string[];
}

/** A terminal that keeps what is printed, and answers questions with `answers` in their order. */
export function fakeTerminal(
  input: { answers?: string[]; canAsk?: boolean; colours?: boolean } = {},
): FakeTerminal {
  const out: string[] = [];
  const err: string[] = [];
  const asked: string[] = [];
  const answers = [...(input.answers ?? [])];
  return {
    env: {},
    cwd: process.cwd(),
    canAsk: input.canAsk ?? input.answers !== undefined,
    colours: input.colours ?? false,
    showsProgress: false,
    out: async (data) => {
      out.push(typeof data === 'string' ? data : Buffer.from(data).toString('utf8'));
    },
    err: (text) => {
      err.push(text);
    },
    input: async () => new Uint8Array(),
    ask: async (question) => {
      asked.push(question);
      return answers.shift() ?? '';
    },
    now: () => new Date('2026-11-21T12:00:00.000Z'),
    printed: () => out.join(''),
    complained: () => err.join(''),
    asked,
  };
}
