import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { EventDraft } from '../../src/core/event.js';
import { digestOf } from '../../src/core/hash.js';
import type { Digest, EventId, PersonId, PromptId } from '../../src/core/ids.js';
import { LedgerStore } from '../../src/ledger/store.js';
import type { LedgerTransaction } from '../../src/ledger/transaction.js';
import { initTrail } from '../../src/trail/openTrail.js';
import { git } from './git.js';

export interface BigLedger {
  /** Events, those of `init` included. */
  readonly events: number;
  readonly prompts?: number;
  readonly people?: number;
  /** Versions come with their texts, of 1 to 3 KB. Default true. */
  readonly texts?: boolean;
}

const batch = 1000;
const environments = ['development', 'staging', 'production'] as const;
const words =
  'triage patient allergy dose answer emergency routine letter nurse plain never always ask summary language model'.split(
    ' ',
  );

interface Revision {
  readonly id: EventId;
  readonly author: PersonId;
}

interface Version {
  readonly id: EventId;
  readonly digest: Digest;
  readonly author: PersonId;
}

interface Prompt {
  readonly id: PromptId;
  readonly path: string;
  versions: number;
  waiting: Version | null;
  approved: Version | null;
  readonly active: Map<string, EventId>;
}

/**
 * Makes a repository in an empty folder whose ledger has as many events as a busy team makes: 65 % revisions,
 * 12 % versions, 12 % decisions, 8 % deployments, the rest comments. The same events each time, but for salts and times.
 */
export async function bigLedger(folder: string, input: BigLedger): Promise<void> {
  const writing = new Writing(folder, input);
  await writing.begin();
  await writing.fill();
}

class Writing {
  readonly #folder: string;
  readonly #input: BigLedger;
  readonly #prompts: Prompt[];
  readonly #people: PersonId[];
  #policy = '' as Digest;
  #seed = 1;
  #made = 0;

  constructor(folder: string, input: BigLedger) {
    this.#folder = folder;
    this.#input = input;
    const { prompts = 60, people = 20 } = input;
    this.#people = numbered(people).map((i) => idOf(0xa000 + i) as PersonId);
    this.#prompts = numbered(prompts).map((i) => ({
      id: idOf(0xb000 + i) as PromptId,
      path: `prompts/area-${i % 7}/prompt-${i}.prompt.md`,
      versions: 0,
      waiting: null,
      approved: null,
      active: new Map(),
    }));
  }

  async begin(): Promise<void> {
    const folder = this.#folder;
    git(folder, 'init', '--quiet', '--initial-branch=main', '.');
    git(folder, 'config', 'user.name', 'Person 0');
    git(folder, 'config', 'user.email', 'person0@clinic.example');
    for (const { path: file } of this.#prompts) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      writeFileSync(path.join(folder, file), `You are ${file}.\n`);
    }
    git(folder, 'add', '--all');
    git(folder, 'commit', '--quiet', '--message=Prompts');
    await initTrail({ folder, tool: 'bench/1', source: 'cli' }, { preset: 'team' });
  }

  async fill(): Promise<void> {
    const store = await LedgerStore.open({
      file: path.join(this.#folder, '.prompt-audit/ledger.sqlite'),
      privateDir: path.join(this.#folder, '.git/prompt-audit'),
      trimAfterFold: false,
      readRef: () => Promise.resolve(null),
      tool: 'bench/1',
    });
    this.#made = store.point().size;
    await store.transact((tx) => this.#declare(tx));
    while (this.#made < this.#input.events) {
      const end = Math.min(this.#input.events, this.#made + batch);
      await store.transact((tx) => {
        while (this.#made < end) this.#step(tx);
      });
    }
    await store.fold();
  }

  #declare(tx: LedgerTransaction): void {
    this.#people.forEach((person, i) => {
      const body = { name: `Person ${i}`, email: `person${i}@clinic.example` };
      this.#add(tx, { type: 'person.declared', who: person, refs: { person }, body, ...by });
    });
    const [first] = this.#people as [PersonId];
    const policy = `{"version":1,"approvals":{"required":1,"contributors":true},"environments":{"development":{},"staging":{},"production":{}}}`;
    this.#policy = digestOf(policy);
    const files = { policy, allowedSigners: null, mailmap: null, codeowners: null };
    const body = { ...files, source: 'working-tree', commit: null } as const;
    const refs = { policy: this.#policy };
    this.#add(tx, { type: 'policy.adopted', who: first, refs, body, ...by });
    for (const { id: prompt, path: file } of this.#prompts) {
      const registered = { path: file, format: 'vscode-prompt' };
      const draft = { who: first, prompt, refs: {}, body: registered, ...by };
      this.#add(tx, { type: 'prompt.registered', ...draft });
    }
  }

  #step(tx: LedgerTransaction): void {
    const prompt = this.#prompts[this.#random(this.#prompts.length)]!;
    const dice = this.#random(88);
    const undecided = this.#prompts.find(({ waiting }) => waiting !== null);
    const last = this.#made + 1 >= this.#input.events;
    // A proposal is two events: the revision that it proposes comes with it.
    if (dice < 12 && !last) this.#propose(tx, prompt);
    else if (dice < 24 && undecided?.waiting) this.#decide(tx, undecided, undecided.waiting);
    else if (dice < 32 && prompt.approved) this.#deploy(tx, prompt, prompt.approved);
    else if (dice < 35 && prompt.waiting) this.#comment(tx, prompt, prompt.waiting);
    else this.#revise(tx, prompt, digestOf(`${prompt.path} ${this.#made}`));
  }

  #revise(tx: LedgerTransaction, prompt: Prompt, digest: Digest): Revision {
    const author = this.#person();
    const body = { path: prompt.path, size: 1000 + this.#random(2000), source: 'editor' } as const;
    const draft = { who: author, prompt: prompt.id, refs: { digest }, body, ...by };
    const { id } = this.#add(tx, { type: 'revision.saved', ...draft });
    return { id, author };
  }

  #propose(tx: LedgerTransaction, prompt: Prompt): void {
    const text = this.#text(1000 + this.#random(2000));
    const digest = this.#input.texts === false ? digestOf(text) : tx.putContent(Buffer.from(text));
    const revision = this.#revise(tx, prompt, digest);
    const refs = { digest, revision: revision.id, number: ++prompt.versions };
    const body = { path: prompt.path, note: this.#text(40) };
    const draft = { who: revision.author, prompt: prompt.id, refs, body, ...by };
    const { id } = this.#add(tx, { type: 'version.proposed', ...draft });
    prompt.waiting = { id, digest, author: revision.author };
  }

  #decide(tx: LedgerTransaction, prompt: Prompt, version: Version): void {
    const approves = this.#random(10) < 8;
    const decision = approves ? 'approved' : 'changes-requested';
    const refs = {
      version: version.id,
      digest: version.digest,
      policy: this.#policy,
      decision,
    } as const;
    const body = { meaning: 'reviewed', reason: approves ? null : this.#text(60) };
    const draft = { who: this.#person(), prompt: prompt.id, refs, body, ...by };
    this.#add(tx, { type: 'review.decided', ...draft });
    prompt.waiting = null;
    if (approves) prompt.approved = version;
  }

  #deploy(tx: LedgerTransaction, prompt: Prompt, version: Version): void {
    const env = environments[this.#random(environments.length)]!;
    const previous = prompt.active.get(env) ?? null;
    const outcome = { outcome: 'succeeded', breakGlass: false, rollbackOf: null } as const;
    const { id: target, digest } = version;
    const refs = { version: target, digest, policy: this.#policy, env, previous, ...outcome };
    const body = { note: null, reference: `https://ci.example/${this.#made}` };
    const draft = { who: this.#person(), prompt: prompt.id, refs, body, ...by };
    const { id } = this.#add(tx, { type: 'deployment.recorded', ...draft });
    prompt.active.set(env, id);
  }

  #comment(tx: LedgerTransaction, prompt: Prompt, version: Version): void {
    const body = { text: this.#text(80), line: null };
    const draft = {
      who: this.#person(),
      prompt: prompt.id,
      refs: { version: version.id },
      body,
      ...by,
    };
    this.#add(tx, { type: 'review.commented', ...draft });
  }

  #add(tx: LedgerTransaction, draft: EventDraft): ReturnType<LedgerTransaction['append']> {
    this.#made++;
    return tx.append(draft);
  }

  #person(): PersonId {
    return this.#people[this.#random(this.#people.length)]!;
  }

  #text(length: number): string {
    let text = `${this.#made}`;
    while (text.length < length) text += ` ${words[this.#random(words.length)]}`;
    return text;
  }

  /** The same numbers in each run (xorshift). */
  #random(below: number): number {
    this.#seed ^= this.#seed << 13;
    this.#seed ^= this.#seed >>> 17;
    this.#seed ^= this.#seed << 5;
    return (this.#seed >>> 0) % below;
  }
}

const by = { identity: 'git' } as const;

function numbered(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function idOf(n: number): string {
  return n.toString(16).padStart(32, '0');
}
