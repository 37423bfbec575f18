import { PromptAuditError } from '../core/errors.js';
import type { Finding } from '../core/rows.js';
import { finding, restoreRemedy } from './findings.js';
import { applicationId, fileFormatVersion, pageSize } from './schema.js';

/** Larger files are refused before SQLite sees them; volumes are sealed long before. */
export const maxFileBytes = 256 * 1024 * 1024;

export interface CheckedHeader {
  /** What SQLite can open, with the header as it has to be; null when it is no ledger at all. */
  readonly bytes: Uint8Array | null;
  readonly findings: readonly Finding[];
  /** What the file says about its format. */
  readonly userVersion: number;
}

const headerBytes = 100;

const magic = Buffer.from('SQLite format 3\0', 'latin1');

/** The fixed bytes of the database header, by offset; the other bytes vary or are checked apart. */
const fixedBytes: readonly (readonly [number, Buffer])[] = [
  [0, magic],
  [16, Buffer.from([pageSize >> 8, pageSize & 0xff, 1, 1, 0, 64, 32, 32])],
  [32, Buffer.alloc(8)],
  [44, Buffer.from([0, 0, 0, 4])],
  [52, Buffer.from([0, 0, 0, 0, 0, 0, 0, 1])],
  [64, Buffer.alloc(4)],
  [68, uint32(applicationId)],
  [72, Buffer.alloc(20)],
];

/** Holds size, magic and header of a hostile file to what a ledger has (docs/LEDGER.md, "File"). */
export function checkHeader(bytes: Uint8Array): CheckedHeader {
  if (bytes.length > maxFileBytes) {
    throw new PromptAuditError({
      code: 'ledger.tooLarge',
      message: `ledger.sqlite has ${bytes.length} bytes; more than ${maxFileBytes} are not read.`,
      remedy: 'Put back a good copy of ledger.sqlite, or update the extension.',
    });
  }
  const unreadable = (message: string, found: string): CheckedHeader => ({
    bytes: null,
    findings: [
      finding({
        code: 'ledger.damaged',
        message,
        found,
        expected: 'an SQLite file',
        remedy: restoreRemedy,
      }),
    ],
    userVersion: fileFormatVersion,
  });
  if (bytes.length === 0) return unreadable('ledger.sqlite is empty: it has 0 bytes.', '0 bytes');
  const original = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const known =
    bytes.length >= 100 &&
    (original.subarray(0, 16).equals(magic) || original.readUInt32BE(68) === applicationId);
  if (!known)
    return unreadable(
      'ledger.sqlite is not an SQLite file.',
      `${bytes.length} bytes of something else`,
    );
  const pages = Math.floor(bytes.length / pageSize);
  if (pages === 0)
    return unreadable('ledger.sqlite is cut off in its first page.', `${bytes.length} bytes`);

  const whole = original.subarray(0, pages * pageSize);
  const copy = Buffer.from(original.subarray(0, headerBytes));
  const findings: Finding[] = [];
  const claimed = original.readUInt32BE(28);
  if (claimed > pages) {
    findings.push(
      finding({
        code: 'ledger.damaged',
        message: 'ledger.sqlite is cut off, or its header is damaged.',
        expected: `${claimed * pageSize} bytes`,
        found: `${bytes.length} bytes`,
        remedy: restoreRemedy,
      }),
    );
  } else if (claimed < pages || bytes.length % pageSize !== 0) {
    findings.push(
      harmless(
        'bytes were added behind its end',
        `${claimed * pageSize} bytes`,
        `${bytes.length} bytes`,
      ),
    );
  }
  copy.writeUInt32BE(pages, 28);
  for (const [offset, expected] of fixedBytes) {
    const found = copy.subarray(offset, offset + expected.length);
    if (found.equals(expected)) continue;
    findings.push(
      harmless(
        `its header differs at byte ${offset}`,
        expected.toString('hex'),
        found.toString('hex'),
      ),
    );
    expected.copy(copy, offset);
  }
  copy.writeUInt32BE(1, 24);
  copy.writeUInt32BE(1, 92);
  const userVersion = original.readUInt32BE(60);
  copy.writeUInt32BE(fileFormatVersion, 60);
  // Most files need no correction, and a copy of a volume takes its time.
  if (copy.equals(whole.subarray(0, headerBytes))) return { bytes: whole, findings, userVersion };
  const corrected = Buffer.from(whole);
  copy.copy(corrected);
  return { bytes: corrected, findings, userVersion };
}

/** The file is not as this program wrote it, and nothing that it records is affected. */
export function harmless(
  what: string,
  expected: string | null = null,
  found: string | null = null,
): Finding {
  return finding({
    code: 'file.differs',
    severity: 'warning',
    message: `ledger.sqlite differs in a place that holds no event: ${what}.`,
    expected,
    found,
    remedy:
      'Nothing that was recorded is affected. The next write makes the file anew and keeps this one.',
  });
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
