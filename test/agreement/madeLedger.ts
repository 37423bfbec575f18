import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { EventOf, LedgerEvent } from '../../src/core/event.js';
import { digestOf } from '../../src/core/hash.js';
import type { Digest, EventId, PersonId } from '../../src/core/ids.js';
import { noAttachments } from '../../src/ledger/attachments.js';
import { encodeContent } from '../../src/ledger/contentCodec.js';
import { buildVolume } from '../../src/ledger/sqliteWriter.js';
import { firstVolumeStart } from '../../src/ledger/volumeStart.js';
import { ana, EventChain, fakeId, triage } from '../tools/eventChain.js';

/** A ledger that is made event by event and can be written to a file, whole or not. */
export class MadeLedger {
  readonly chain = new EventChain();
  readonly #attachments = noAttachments();
  readonly #gone = new Set<EventId>();

  constructor() {
    this.chain.begin();
  }

  adopt(
    policy: string,
    allowedSigners: string | null = null,
    mailmap: string | null = null,
  ): EventOf<'policy.adopted'> {
    return this.chain.adopt(policy, { allowedSigners, mailmap });
  }

  /** A version with its text. */
  propose(who: PersonId, text: string): EventOf<'version.proposed'> {
    const content = encodeContent(Buffer.from(text));
    this.#attachments.contents.set(content.digest, content);
    return this.chain.propose(who, text);
  }

  comment(who: PersonId, text: string): EventOf<'review.commented'> {
    const version = this.chain.state.idAt(1);
    return this.chain.add(
      'review.commented',
      who,
      { version },
      { text, line: null },
      { prompt: triage },
    );
  }

  /** Stores a signature; the `signature.attached` event. */
  attach(of: LedgerEvent, armoured: Uint8Array | string, at?: string): LedgerEvent {
    const bytes = Buffer.from(armoured);
    const digest = digestOf(bytes);
    this.#attachments.signatures.set(digest, { event: of.id, digest, bytes });
    const refs = { event: of.id, signature: digest };
    return this.chain.add('signature.attached', ana, refs, {}, at === undefined ? {} : { at });
  }

  redact(
    who: PersonId,
    target: EventId | Digest,
    more: Parameters<EventChain['add']>[4] & { reason?: string } = {},
  ): EventOf<'redacted'> {
    const { reason = 'a name', ...rest } = more;
    return this.chain.add('redacted', who, { target }, { reason }, rest);
  }

  /** Takes the body of an event, or a text, out of the file. */
  remove(target: EventId | Digest): void {
    this.#gone.add(target as EventId);
    this.#attachments.contents.delete(target as Digest);
  }

  async write(file: string): Promise<string> {
    const { state } = this.chain;
    const events = Array.from({ length: state.size }, (_, at) => state.event(at + 1));
    const bare = { body: null, bodyText: null };
    const kept = events.map((event) => (this.#gone.has(event.id) ? { ...event, ...bare } : event));
    const rows = {
      ledger: fakeId(0x1ed9e2),
      start: firstVolumeStart,
      events: kept,
      attachments: this.#attachments,
    };
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, await buildVolume(rows, null));
    return file;
  }
}
