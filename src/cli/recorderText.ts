import type { RecorderPauseRow } from '../trail/recorderApi.js';
import { printable } from './printable.js';
import { localTime } from './time.js';

/** One line on the recorder of this clone. */
export function recorderText(paused: RecorderPauseRow | null): string {
  if (paused === null) return 'The recorder of this clone is on.';
  const why = paused.reason === null ? '' : `: ${printable(paused.reason)}`;
  return `The recorder of this clone is paused since ${localTime(paused.at)} by ${printable(paused.by.name)}${why}`;
}
