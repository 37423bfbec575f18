import { withinAct } from '../git/oneAct.js';
import type { Trail } from './api.js';

/** The trail, each call of which is one act: see withinAct. */
export function actsOf(trail: Trail): Trail {
  return new Proxy(trail, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return (...input: unknown[]): unknown =>
        withinAct(() => Reflect.apply(member, target, input) as Promise<unknown>);
    },
  });
}
