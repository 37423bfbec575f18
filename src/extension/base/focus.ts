import { window, type Disposable } from 'vscode';

/** Calls `run` when the window gets the focus; its other changes of state do not count. */
export function onDidGetFocus(run: () => void): Disposable {
  let had = window.state.focused;
  return window.onDidChangeWindowState(({ focused }) => {
    const got = focused && !had;
    had = focused;
    if (got) {
      run();
    }
  });
}
