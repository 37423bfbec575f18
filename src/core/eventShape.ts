import type { JsonValue } from './canonicalJson.js';
import type { EventDraft, EventType } from './event.js';
import { firstShapeChecks, type EventShapeCheck } from './firstShapes.js';
import { isRandomId } from './ids.js';
import { fourthShapeChecks, secondShapeChecks, thirdShapeChecks } from './laterShapes.js';
import {
  hasExactly,
  memberList,
  oneOf,
  shortText,
  type MemberList,
  type Members,
} from './shapeChecks.js';

const commonBody: Members = {
  salt: (v) => isRandomId(v),
  tool: shortText,
  utcOffset: (v) => typeof v === 'number' && Math.abs(v) <= 24 * 60,
  identity: oneOf('git', 'unattended'),
};

/** What an event's `v` may be. */
export type EventVersion = 1 | 2 | 3 | 4;
const eventVersions: readonly EventVersion[] = [1, 2, 3, 4];

/** The members of a type in the form in which they are checked. */
export interface EventShape {
  /** Whether headers of the type name a prompt. */
  readonly namesPrompt: boolean;
  readonly refs: MemberList;
  readonly body: MemberList;
}

/** The shape of a type in a `v`; undefined for types and versions that this program does not know. */
export function eventShape(type: string, v: number): EventShape | undefined {
  return shapes[v - 1]?.get(type);
}

/** The lowest `v` that has the members of a draft, so that older programs read what they can. */
export function versionOfDraft({ type, refs, body }: EventDraft): EventVersion {
  const fits = (names: readonly string[], members: object): boolean =>
    Object.keys(members).every((name) => names.includes(name));
  const found = eventVersions.find((v) => {
    const shape = eventShape(type, v);
    return shape !== undefined && fits(shape.refs.names, refs) && fits(shape.body.names, body);
  });
  return found ?? eventVersions.at(-1)!;
}

/** Whether canonical `refs` have exactly the members of their type, each of the right form. */
export function refsFit(shape: EventShape, refs: JsonValue | undefined): boolean {
  return hasExactly(shape.refs, refs);
}

/** Whether a canonical `body` has exactly the common members and those of its type, each of the right form. */
export function bodyFits(shape: EventShape, body: JsonValue | undefined): boolean {
  return hasExactly(shape.body, body);
}

const shapesOf = (
  checks: Readonly<Partial<Record<EventType, EventShapeCheck>>>,
): ReadonlyMap<string, EventShape> =>
  new Map(
    Object.entries(checks).map(([type, { prompt, refs, body }]) => [
      type,
      {
        namesPrompt: prompt,
        refs: memberList(refs),
        body: memberList({ ...commonBody, ...body }),
      },
    ]),
  );

/** What each `v` adds, from 1. */
export const shapeChecksByVersion = [
  firstShapeChecks,
  secondShapeChecks,
  thirdShapeChecks,
  fourthShapeChecks,
] as const;

const shapes = shapeChecksByVersion.map(shapesOf);
