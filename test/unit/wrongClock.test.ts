import assert from 'node:assert/strict';
import { isPromptAuditError } from '../../src/core/errors.js';
import { ana, EventChain } from '../tools/eventChain.js';

describe('a clock outside the years 0 to 9999', () => {
  for (const at of ['+010027-01-01T00:00:00.000Z', '-000001-01-01T00:00:00.000Z'])
    it(`is what the refusal of ${at} names, not the text`, () => {
      assert.throws(
        () => new EventChain().add('ledger.created', ana, {}, {}, { at }),
        (error) =>
          isPromptAuditError(error, 'event.invalid') &&
          error.remedy.includes(`wrong, it says ${at}`),
      );
    });
});
