import { isPolicyError, type SessionState } from './sessionState.js';

/** What the views can show as a whole; each value but `ready` has a welcome view in package.json. */
export type ViewState =
  | 'loading'
  | 'restricted'
  | 'noFolder'
  | 'gitMissing'
  | 'noGit'
  | 'uninitialized'
  | 'damaged'
  | 'badPolicy'
  | 'login'
  | 'failed'
  | 'noPrompts'
  | 'ready';

export interface ViewStateInput {
  readonly trusted: boolean;
  readonly folders: number;
  /** Whether git could not be started for some folder. */
  readonly gitMissing: boolean;
  readonly sessions: readonly SessionState[];
}

/** The one state that the welcome views speak about. With several repositories the most urgent wins. */
export function viewStateOf(input: ViewStateInput): ViewState {
  if (!input.trusted) {
    return 'restricted';
  }
  if (input.folders === 0) {
    return 'noFolder';
  }
  const states = input.sessions.map(oneState);
  const order: readonly ViewState[] = [
    'damaged',
    'ready',
    'badPolicy',
    'noPrompts',
    'login',
    'failed',
    'uninitialized',
    'noGit',
    'loading',
  ];
  const found = order.find((state) => states.includes(state));
  return found ?? (input.gitMissing ? 'gitMissing' : 'loading');
}

function oneState(state: SessionState): ViewState {
  switch (state.kind) {
    case 'loading':
      return 'loading';
    case 'uninitialized':
      return state.git ? 'uninitialized' : 'noGit';
    case 'failed':
      if (isPolicyError(state.error)) {
        return 'badPolicy';
      }
      if (state.error.reasons.includes('login.needed')) {
        return 'login';
      }
      return state.damaged ? 'damaged' : 'failed';
    case 'ready':
      if (state.status.damage !== null) {
        return 'damaged';
      }
      return state.status.prompts.length === 0 ? 'noPrompts' : 'ready';
  }
}
