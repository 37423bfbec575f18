import type { LedgerEvent } from '../core/event.js';
import type { EventId } from '../core/ids.js';
import type { BaseFiles } from './base.js';
import type { PlacedEvent } from './chainCheck.js';

/** Reads the texts of events that were checked. Throws `ledger.damaged` where they are no more what they were. */
export interface TextSource {
  header(seq: number, id: EventId): string;
  body(seq: number, id: EventId): string | null;
}

/** Where the texts of some events are now: in memory while their volume is checked, in its file then. */
export interface TextPlace {
  source: TextSource;
}

/** The texts as they stand in the files of a ledger. Who asks for a header mostly wants the body next. */
export function textsInFiles(files: BaseFiles): TextSource {
  let last = { id: '', header: '', body: null as string | null };
  const read = (seq: number, id: EventId): typeof last => {
    if (last.id !== id) last = { id, ...files.texts(seq, id) };
    return last;
  };
  return {
    header: (seq, id) => read(seq, id).header,
    body: (seq, id) => read(seq, id).body,
  };
}

type AnyHeader = LedgerEvent['header'];

/**
 * An event of a checked volume that does not hold its texts: these are most of what a ledger takes of
 * memory, and hardly anything asks for them again.
 */
export class SlimEvent {
  readonly known: boolean;
  readonly type: string;
  readonly id: EventId;
  readonly header: AnyHeader;
  readonly hasBody: boolean;
  readonly #seq: number;
  readonly #texts: TextPlace;
  #body: object | null = null;

  constructor(
    { known, id, header, hasBody }: Pick<SlimEvent, 'known' | 'id' | 'header' | 'hasBody'>,
    seq: number,
    texts: TextPlace,
  ) {
    this.known = known;
    this.type = header.type;
    this.id = id;
    this.header = header;
    this.hasBody = hasBody;
    this.#seq = seq;
    this.#texts = texts;
  }

  get headerText(): string {
    return this.#texts.source.header(this.#seq, this.id);
  }

  get bodyText(): string | null {
    return this.hasBody ? this.#texts.source.body(this.#seq, this.id) : null;
  }

  /** Kept once somebody asked: who asks for one asks again, as for the body of a policy. */
  get body(): object | null {
    if (!this.known || !this.hasBody) return null;
    const text = this.#body === null ? this.bodyText : null;
    if (text !== null) this.#body = JSON.parse(text) as object;
    return this.#body;
  }
}

/** Whether the body of an event was not there when it was read; reads no file. */
export const isBodyless = (event: LedgerEvent | SlimEvent): boolean =>
  event instanceof SlimEvent ? !event.hasBody : event.bodyText === null;

/** Events that were read whole as slim ones, whose texts `place` has until it is told another source. */
export function slimmed(
  events: readonly PlacedEvent[],
  files: BaseFiles,
): { readonly events: readonly PlacedEvent[]; readonly release: () => void } {
  const whole = new Map(events.map(({ seq, event }) => [seq, event]));
  const place: TextPlace = {
    source: {
      header: (seq) => whole.get(seq)!.headerText,
      body: (seq) => whole.get(seq)!.bodyText,
    },
  };
  return {
    events: events.map(({ seq, event }) => {
      const { known, id, header, bodyText } = event;
      const slim = new SlimEvent({ known, id, header, hasBody: bodyText !== null }, seq, place);
      return { seq, event: slim as unknown as LedgerEvent };
    }),
    release: () => (place.source = textsInFiles(files)),
  };
}
