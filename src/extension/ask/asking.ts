import type { QuestionEntry, QuestionParams } from '../../core/questions/question.js';
import type { TrailSession } from '../session/trailSession.js';

/** A question on its way: what is known of it so far. */
export interface Asking {
  readonly session: TrailSession;
  readonly entry: QuestionEntry;
  readonly params: QuestionParams;
  /** See AskInput. */
  readonly asKnownAt?: string;
}

/** What a link of an answer hands back, so that it can be asked anew. Links are hostile input. */
export interface AskLink {
  readonly root: string;
  readonly kind: string;
  readonly params: QuestionParams;
  readonly asKnownAt?: string;
}

const texts = ['path', 'env', 'at', 'from', 'to', 'subject', 'other', 'actor', 'text', 'seed'];
const numbers = ['duration', 'count'];

/** Null for what no answer of ours has made. */
export function askLinkOf(argument: unknown): AskLink | null {
  if (!isRecord(argument)) {
    return null;
  }
  const { root, kind, params, asKnownAt } = argument;
  if (typeof root !== 'string' || typeof kind !== 'string' || !isRecord(params)) {
    return null;
  }
  const known = Object.entries(params).every(
    ([key, value]) =>
      (texts.includes(key) && typeof value === 'string') ||
      (numbers.includes(key) && typeof value === 'number'),
  );
  return known
    ? { root, kind, params, ...(typeof asKnownAt === 'string' ? { asKnownAt } : {}) }
    : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
