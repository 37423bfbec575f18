import assert from 'node:assert/strict';
import { uncountedText } from '../../src/cli/uncounted.js';
import type { EventId } from '../../src/core/ids.js';
import type { Trail } from '../../src/trail/api.js';
import { fakeVersion } from './support/fakeTrail.js';

describe('an approval that counts for nothing', () => {
  const id = 'd'.repeat(64) as EventId;
  const said = (...decisions: { counts: boolean; faults: string[]; event?: EventId }[]) => {
    const explain = async () => ({ decisions: decisions.map((one) => ({ event: id, ...one })) });
    return uncountedText({ explain } as unknown as Trail, fakeVersion(), id);
  };

  it('says why', async () => {
    assert.equal(
      await said({ counts: false, faults: ['approval.unattended'] }),
      'It does not count: nobody was asked, and it has no signature that counts.\n',
    );
  });

  it('is silent where some rule counts it, and of other approvals', async () => {
    assert.equal(
      await said({ counts: false, faults: ['approver.role'] }, { counts: true, faults: [] }),
      '',
    );
    const event = 'f'.repeat(64) as EventId;
    assert.equal(await said({ counts: false, faults: ['approver.role'], event }), '');
  });
});
