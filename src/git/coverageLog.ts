/** One commit of `git log --raw -z`, against its first parent. */
export interface LoggedCommit {
  readonly id: string;
  readonly parents: readonly string[];
  readonly author: { readonly name: string; readonly email: string };
  /** Seconds since 1970 as the author's clock claims; NaN where git prints none. */
  readonly authoredAt: number;
}

/** A regular file as a commit left it. `path` null: its name is not UTF-8; `shown` is what can be shown of it. */
export interface LoggedFile {
  readonly path: string | null;
  readonly shown: string;
  readonly blob: string;
}

export interface LogReader {
  commit(commit: LoggedCommit): void;
  /** Of the last commit. */
  file(file: LoggedFile): void;
}

/** To be given to `git log -z --raw`: NUL ends each part, and none of them can hold one. */
export const logFormat = 'tformat:%x01%H %P%x00%an%x00%ae%x00%at';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Bytes of one part: a name of an author may be long, but not this long. */
const longestPart = 64 * 1024 * 1024;

/** Reads the output of git piece by piece. Nothing of it is believed: what does not fit throws a RangeError. */
export class LogParser {
  readonly #reader: LogReader;
  #rest: Buffer = Buffer.alloc(0);
  /** What the next parts are. */
  #awaits: 'entry' | 'name' | 'email' | 'time' | 'path' = 'entry';
  #head = '';
  #name = '';
  #email = '';
  #entry = '';

  constructor(reader: LogReader) {
    this.#reader = reader;
  }

  push(piece: Buffer): void {
    const bytes = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    let at = 0;
    for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, at)) {
      this.#part(bytes.subarray(at, end));
      at = end + 1;
    }
    this.#rest = bytes.subarray(at);
    if (this.#rest.length > longestPart) throw new RangeError('git prints a part without an end');
  }

  end(): void {
    if (this.#awaits !== 'entry' || this.#rest.length > 0)
      throw new RangeError('git ended in the middle of a commit');
  }

  #part(bytes: Buffer): void {
    switch (this.#awaits) {
      case 'entry':
        return this.#entryOrHead(bytes.toString('latin1'));
      case 'name':
        this.#name = bytes.toString('utf8');
        this.#awaits = 'email';
        return;
      case 'email':
        this.#email = bytes.toString('utf8');
        this.#awaits = 'time';
        return;
      case 'time':
        this.#awaits = 'entry';
        return this.#commit(bytes.toString('latin1'));
      case 'path':
        this.#awaits = 'entry';
        return this.#file(bytes);
    }
  }

  #entryOrHead(text: string): void {
    if (text.startsWith('\x01')) {
      this.#head = text.slice(1);
      this.#awaits = 'name';
      return;
    }
    this.#entry = text.replace(/^\n/, '');
    if (!this.#entry.startsWith(':')) throw new RangeError('git prints what is no change');
    this.#awaits = 'path';
  }

  #commit(time: string): void {
    const [id = '', ...parents] = this.#head.split(' ').filter((one) => one !== '');
    const authoredAt = time === '' ? NaN : Number(time);
    const author = { name: this.#name, email: this.#email };
    this.#reader.commit({ id, parents, author, authoredAt });
  }

  #file(name: Buffer): void {
    const [, mode = '', , blob = ''] = this.#entry.split(' ');
    // Links, submodules and what is gone are no files.
    if (!mode.startsWith('100')) return;
    const shown = name.toString('utf8');
    this.#reader.file({ path: decoded(name), shown, blob });
  }
}

function decoded(name: Buffer): string | null {
  try {
    return strict.decode(name);
  } catch {
    return null;
  }
}
