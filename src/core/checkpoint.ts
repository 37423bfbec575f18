import { isRandomId } from './ids.js';
import type { LedgerPoint } from './rows.js';

const originPrefix = 'prompt-audit/';

/** The unsigned body of a C2SP tlog-checkpoint: origin, size, base64 root, one line each. */
export function formatCheckpoint(point: LedgerPoint): string {
  const root = Buffer.from(point.root, 'hex').toString('base64');
  return `${originPrefix}${point.id}\n${point.size}\n${root}\n`;
}

/** Reads what formatCheckpoint wrote; undefined for anything else. */
export function parseCheckpoint(text: string): LedgerPoint | undefined {
  const [origin = '', size = '', root = '', rest, more] = text.split('\n');
  const id = origin.startsWith(originPrefix) ? origin.slice(originPrefix.length) : '';
  const rootBytes = Buffer.from(root, 'base64');
  const fits =
    isRandomId(id) &&
    /^(0|[1-9]\d{0,15})$/.test(size) &&
    rootBytes.length === 32 &&
    rootBytes.toString('base64') === root &&
    rest === '' &&
    more === undefined;
  return fits ? { id, size: Number(size), root: rootBytes.toString('hex') } : undefined;
}
