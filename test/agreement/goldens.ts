import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '../tools/paths.js';

/** One file of a ledger that is tampered with. */
export interface GoldenPart {
  /** What is added to the name of a case. */
  readonly label: string;
  readonly bytes: Buffer;
  /** Where it stands, beside the open volume. */
  readonly file: (open: string) => string;
}

export interface Golden {
  readonly name: string;
  readonly parts: readonly GoldenPart[];
  /** Writes the intact ledger into a new folder; the path of its open volume. */
  readonly place: (folder: string) => string;
}

const folder = join(projectRoot, 'test', 'golden');

/** Every golden ledger: the folders that hold a ledger.sqlite. */
export function goldens(): Golden[] {
  const inner = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  return ['', ...inner]
    .filter((name) => existsSync(join(folder, name, 'ledger.sqlite')))
    .map((name) =>
      golden(name === '' ? 'the golden ledger' : `golden ${name}`, join(folder, name)),
    );
}

function golden(name: string, from: string): Golden {
  const sealed = readdirSync(from).filter((file) => /^\d{6}\.sqlite$/.test(file));
  const read = (file: string): Buffer => readFileSync(join(from, file));
  const volume = (open: string, file: string): string => join(dirname(open), 'volumes', file);
  const parts: GoldenPart[] = [
    { label: '', bytes: read('ledger.sqlite'), file: (open) => open },
    ...sealed.slice(0, 1).map((file) => ({
      label: ', in a sealed volume',
      bytes: read(file),
      file: (open: string) => volume(open, file),
    })),
  ];
  const place = (target: string): string => {
    const open = join(target, 'ledger.sqlite');
    mkdirSync(join(target, 'volumes'), { recursive: true });
    writeFileSync(open, read('ledger.sqlite'));
    for (const file of sealed) writeFileSync(volume(open, file), read(file));
    return open;
  };
  return { name, parts, place };
}
