import assert from 'node:assert/strict';
import { Journal } from '../../src/ledger/journal.js';
import { goOn } from '../tools/faults/checks.js';
import { install } from '../tools/faults/disk.js';
import { sealing } from '../tools/faults/scenarios.js';
import { timesRecorded, World } from '../tools/faults/world.js';

describe('journal of another process', function () {
  this.timeout(60_000);
  let remove: () => void;
  let mine: World;
  let theirs: World;
  before(() => (remove = install()));
  after(() => remove());
  beforeEach(async () => {
    mine = new World({});
    await mine.open();
    await mine.run(async () => {
      await mine.create();
      for (let at = 0; at < 60; at++) await mine.append(`text ${at}`);
      await mine.store.fold();
    });
    theirs = mine.beside();
    await theirs.open();
    await mine.run(() => mine.store.refresh());
    mine.process.calls.length = 0;
  });

  /** A head, the bytes before the end as a check, and room for neither a journal nor a file. */
  const besides = 256 + 64;

  it('is read from where one stopped: the new bytes and no more', async () => {
    const before = mine.disk.read(mine.journal).length;
    await theirs.run(() => theirs.append('of another process'));
    const added = mine.disk.read(mine.journal).length - before;
    assert.equal(await mine.run(() => mine.store.refresh()), true);
    assert.equal(timesRecorded(mine.store, 'of another process').length, 1);
    const read = mine.process.bytesOf('read', mine.journal);
    assert.ok(read >= added && read <= added + besides, `${read} bytes for ${added}`);
    assert.equal(mine.process.bytesOf('read', World.file), 0);
    assert.ok(added * 20 < before, 'the journal is long beside what was added');
  });

  it('costs no byte when nothing is new', async () => {
    assert.equal(await mine.run(() => mine.store.refresh()), false);
    const read = mine.process.calls.filter((call) => call.bytes > 0);
    assert.deepEqual(read, []);
  });

  it('is all that an append of one’s own reads, too', async () => {
    await theirs.run(() => theirs.append('of another process'));
    const before = mine.disk.read(mine.journal).length;
    await mine.run(() => mine.append('of this one'));
    const added = mine.disk.read(mine.journal).length - before;
    const read = mine.process.bytesOf('read', mine.journal);
    assert.ok(read <= added + 200 + besides, `${read} bytes for ${added}`);
    const whole = mine.process.calls.filter(
      ({ name, path }) => name === 'readFile' && (path === mine.journal || path === World.file),
    );
    assert.deepEqual(whole, []);
  });

  it('is read to its end where the system gives it in small pieces', async () => {
    await theirs.run(() => theirs.append('of another process'));
    await theirs.run(() => theirs.append('and one more'));
    mine.process.plan = ({ name }) => (name === 'handle.read' ? { kind: 'short' } : null);
    await mine.run(() => mine.append('of this one'));
    mine.process.plan = () => null;
    for (const text of ['of another process', 'and one more', 'of this one']) {
      assert.equal(timesRecorded(mine.store, text).length, 1, text);
    }
    await theirs.run(() => theirs.store.refresh());
    assert.deepEqual(theirs.store.point(), mine.store.point());
  });

  it('that was written anew is read as a whole, and nothing is missing then', async () => {
    const sealed = new World(sealing);
    await sealed.open();
    await sealed.run(async () => {
      await sealed.create();
      await sealed.append('one');
      await sealed.append('two');
      await sealed.sync();
    });
    const ledger = sealed.store.ledger!;
    await sealed.beside().run(async () => {
      const journal = new Journal(sealed.journal, sealed.process.platform);
      await journal.readNew();
      await journal.rewrite(ledger, []);
    });
    await sealed.run(async () => {
      await sealed.store.refresh();
      await goOn(sealed, []);
    });
  });
});
