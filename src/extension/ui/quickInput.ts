import { QuickInputButtons, window, type QuickPickItem } from 'vscode';

/** The person went one step back. */
export const goBack = Symbol('back');
type Answer<T> = T | typeof goBack | undefined;

export interface StepFrame {
  readonly title: string;
  readonly step?: number;
  readonly totalSteps?: number;
  readonly canGoBack?: boolean;
}

export interface PickEntry<T> extends QuickPickItem {
  readonly value: T;
}

/** Asks for one of `items`; undefined when the person leaves. Separators have no use for a value. */
export async function pickOne<T>(
  input: StepFrame & { placeholder: string; items: readonly (PickEntry<T> | QuickPickItem)[] },
): Promise<Answer<T>> {
  const pick = window.createQuickPick<PickEntry<T> | QuickPickItem>();
  frame(pick, input);
  pick.placeholder = input.placeholder;
  pick.items = input.items;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  return await new Promise<Answer<T>>((resolve) => {
    pick.onDidTriggerButton(() => resolve(goBack));
    pick.onDidAccept(() => {
      const [chosen] = pick.selectedItems;
      if (chosen !== undefined && 'value' in chosen) {
        resolve(chosen.value);
      }
    });
    pick.onDidHide(() => resolve(undefined));
    pick.show();
  }).finally(() => pick.dispose());
}

/** Asks for one line; `missing` is shown when it is empty and may not be. */
export async function askText(
  input: StepFrame & { prompt: string; placeholder?: string; value?: string; missing?: string },
): Promise<Answer<string>> {
  const box = window.createInputBox();
  frame(box, input);
  box.prompt = input.prompt;
  box.placeholder = input.placeholder ?? '';
  box.value = input.value ?? '';
  return await new Promise<Answer<string>>((resolve) => {
    box.onDidTriggerButton(() => resolve(goBack));
    box.onDidChangeValue(() => (box.validationMessage = ''));
    box.onDidAccept(() => {
      const text = box.value.trim();
      if (text === '' && input.missing !== undefined) {
        box.validationMessage = input.missing;
      } else {
        resolve(text);
      }
    });
    box.onDidHide(() => resolve(undefined));
    box.show();
  }).finally(() => box.dispose());
}

function frame(
  box: { title: string | undefined; step: number | undefined; totalSteps: number | undefined } & {
    ignoreFocusOut: boolean;
    buttons: readonly unknown[];
  },
  input: StepFrame,
): void {
  box.title = input.title;
  box.step = input.step;
  box.totalSteps = input.totalSteps;
  // A reason that is half written must not be lost to a click beside the box.
  box.ignoreFocusOut = true;
  box.buttons = input.canGoBack === true ? [QuickInputButtons.Back] : [];
}

/**
 * Runs the steps of a dialogue in order. A step answers `goBack`, undefined (the person left), or
 * anything else (go on). False when the person left, or went back from the first step.
 */
export async function runSteps(steps: readonly (() => Promise<unknown>)[]): Promise<boolean> {
  let index = 0;
  while (index >= 0 && index < steps.length) {
    const answer = await steps[index]?.();
    if (answer === undefined) {
      return false;
    }
    index += answer === goBack ? -1 : 1;
  }
  return index >= 0;
}
