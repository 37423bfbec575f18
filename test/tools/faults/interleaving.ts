import fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { assertKept, goOn } from './checks.js';
import { keepAll, powerCuts } from './power.js';
import { World, type WorldOptions } from './world.js';

/** Who acts: two processes of one worktree, and one of a second worktree. */
export type Actor = 'mine' | 'other' | 'tree';

/** One thing that happens to a clone. */
export type Command =
  | { readonly do: 'append'; readonly actor: Actor; readonly length: number }
  | { readonly do: 'fold' | 'sync' | 'reopen'; readonly actor: Actor }
  /** The actor ends at this call of an append, a fold or a sync. */
  | {
      readonly do: 'end';
      readonly actor: Actor;
      readonly in: 'append' | 'fold' | 'sync';
      readonly call: number;
      readonly when: 'before' | 'after' | 'half';
    }
  | { readonly do: 'powerCut'; readonly cut: number }
  /** Bytes behind the journal's end, as of a line that was being written. */
  | { readonly do: 'tornTail'; readonly bytes: number }
  | { readonly do: 'leftovers' }
  | { readonly do: 'deleteFile'; readonly actor: Actor };

const actor = fc.constantFrom<Actor[]>('mine', 'other', 'tree');

/** What may happen; with `git` also a sync that trims, a second worktree, and a deleted file. */
export function commands(git: boolean): fc.Arbitrary<Command[]> {
  const who = git ? actor : fc.constantFrom<Actor[]>('mine', 'other');
  const work = git ? fc.constantFrom('append', 'fold', 'sync') : fc.constantFrom('append', 'fold');
  const all: fc.WeightedArbitrary<Command>[] = [
    {
      weight: 6,
      arbitrary: fc.record({ do: fc.constant('append'), actor: who, length: fc.nat(400) }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('fold'), actor: who }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('reopen'), actor: who }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('end'),
        actor: who,
        in: work,
        call: fc.integer({ min: 1, max: 40 }),
        when: fc.constantFrom('before', 'after', 'half'),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('powerCut'), cut: fc.nat(powerCuts.length) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('tornTail'),
        bytes: fc.integer({ min: 1, max: 1500 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('leftovers') }) },
    ...(git
      ? ([
          { weight: 3, arbitrary: fc.record({ do: fc.constant('sync'), actor: who }) },
          { weight: 2, arbitrary: fc.record({ do: fc.constant('deleteFile'), actor: who }) },
        ] as fc.WeightedArbitrary<Command>[])
      : []),
  ] as fc.WeightedArbitrary<Command>[];
  return fc.array(fc.oneof(...all), { minLength: 1, maxLength: 14 });
}

/** A clone with three processes, whose events must be those that were acknowledged. */
export class Interleaving {
  readonly #options: WorldOptions;
  #world: World;
  #actors = new Map<Actor, World>();
  #count = 0;
  #allowed: RegExp[] = [];

  constructor(options: WorldOptions) {
    this.#options = options;
    this.#world = new World(options);
  }

  async run(all: readonly Command[]): Promise<void> {
    await this.#as('mine', (world) => world.create());
    for (const command of all) {
      await this.#do(command);
      await this.#check();
    }
    for (const one of this.#actors.keys())
      await this.#as(one, (world) => goOn(world, this.#allowed));
  }

  async #do(command: Command): Promise<void> {
    switch (command.do) {
      case 'append':
        return await this.#as(command.actor, (world) => world.append(this.#text(command.length)));
      case 'fold':
        return await this.#as(command.actor, async (world) => void (await world.store.fold()));
      case 'sync':
        return await this.#as(command.actor, (world) => world.sync());
      case 'reopen':
        this.#actors.delete(command.actor);
        return;
      case 'end':
        return await this.#end(command);
      case 'powerCut':
        return this.#cut(command.cut);
      case 'tornTail':
        return this.#tear(command.bytes);
      case 'leftovers':
        return await this.#as('mine', async (world) => {
          for (const name of ['.journal.jsonl', '.clone.json', 'lock'])
            await fs.writeFile(join(world.privateDir, `${name}.${'d'.repeat(12)}.tmp`), 'half');
        });
      case 'deleteFile':
        return await this.#as(command.actor, (world) =>
          fs.rm(world.options().file, { force: true }),
        );
    }
  }

  async #end({ actor, in: work, call, when }: Command & { do: 'end' }): Promise<void> {
    const world = await this.#actor(actor);
    const from = world.process.calls.length;
    world.process.plan = ({ index, name }) => {
      if (index !== from + call) return null;
      return {
        kind: 'end',
        when: when === 'half' && !name.startsWith('handle.write') ? 'after' : when,
      };
    };
    const begun = {
      append: () => world.append(this.#text(20)),
      fold: () => world.store.fold(),
      sync: () => world.sync(),
    }[work];
    await world.run<unknown>(begun).catch((error: unknown) => {
      if (!world.process.ended) throw error;
    });
    world.process.ended = true;
    this.#actors.delete(actor);
  }

  #cut(which: number): void {
    const cut = powerCuts[which] ?? keepAll;
    if (cut.allowed) this.#allowed.push(cut.allowed);
    this.#world = this.#world.on(this.#world.disk.reboot(cut));
    this.#actors.clear();
  }

  /** What a process writes that ended in the middle of a line. */
  #tear(bytes: number): void {
    const { disk, journal } = this.#world;
    const line = `{"sum":"${'0'.repeat(32)}","i":1,"of":1,"event":{"header":"${'x'.repeat(1500)}`;
    if (disk.tree.find(journal) === null) return;
    disk.overwrite(journal, Buffer.concat([disk.read(journal), Buffer.from(line.slice(0, bytes))]));
  }

  async #check(): Promise<void> {
    for (const one of [...this.#actors.keys(), 'mine' as const]) {
      await this.#as(one, async (world) => {
        await world.store.refresh();
        await assertKept(world, world.store);
      });
    }
  }

  #text(length: number): string {
    return `text ${++this.#count} ${'y'.repeat(length)}`;
  }

  async #as<T>(actor: Actor, work: (world: World) => Promise<T>): Promise<T> {
    const world = await this.#actor(actor);
    return await world.run(() => work(world));
  }

  async #actor(actor: Actor): Promise<World> {
    const known = this.#actors.get(actor);
    if (known) return known;
    const file = join(dirname(dirname(World.file)), 'tree', '.prompt-audit', 'ledger.sqlite');
    const world = this.#world.beside(actor === 'tree' ? { ...this.#options, file } : this.#options);
    await world.open();
    this.#actors.set(actor, world);
    return world;
  }
}
