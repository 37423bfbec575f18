import { QuickInputButtons, window, type QuickInputButton, type QuickPickItem } from 'vscode';

/** The person went one step back. */
export const goBack = Symbol('back');
export type Answer<T> = T | typeof goBack | undefined;

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

/** Asks for some of `items` by checkboxes. `missing` is shown where none is ticked; null: none is an answer, too. */
export async function pickMany<T>(
  input: StepFrame & {
    placeholder: string;
    missing: string | null;
    items: readonly (PickEntry<T> | QuickPickItem)[];
  },
): Promise<Answer<readonly T[]>> {
  const pick = window.createQuickPick<PickEntry<T> | QuickPickItem>();
  frame(pick, input);
  pick.canSelectMany = true;
  pick.placeholder = input.placeholder;
  pick.items = input.items;
  pick.selectedItems = input.items.filter(({ picked }) => picked === true);
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  return await new Promise<Answer<readonly T[]>>((resolve) => {
    pick.onDidTriggerButton(() => resolve(goBack));
    pick.onDidAccept(() => {
      const chosen = pick.selectedItems.flatMap((item) => ('value' in item ? [item.value] : []));
      if (chosen.length > 0 || input.missing === null) {
        resolve(chosen);
      } else {
        pick.placeholder = input.missing;
      }
    });
    pick.onDidHide(() => resolve(undefined));
    pick.show();
  }).finally(() => pick.dispose());
}

export interface TextQuestion extends StepFrame {
  readonly prompt: string;
  readonly placeholder?: string;
  readonly value?: string;
  /** Shown when the line is empty and may not be. */
  readonly missing?: string;
}

/** What was written when the person pressed the button of `askTextOrMore`. */
export interface More {
  readonly written: string;
}

/** Asks for one line. */
export async function askText(input: TextQuestion): Promise<Answer<string>> {
  return (await askTextOrMore(input, null)) as Answer<string>;
}

/** As `askText`, with a button for what belongs to it. */
export async function askTextOrMore(
  input: TextQuestion,
  button: QuickInputButton | null,
): Promise<Answer<string | More>> {
  const box = window.createInputBox();
  frame(box, input);
  box.prompt = input.prompt;
  box.placeholder = input.placeholder ?? '';
  box.value = input.value ?? '';
  box.buttons = button === null ? box.buttons : [...box.buttons, button];
  return await new Promise<Answer<string | More>>((resolve) => {
    box.onDidTriggerButton((pressed) =>
      resolve(pressed === QuickInputButtons.Back ? goBack : { written: box.value }),
    );
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
  return (await askSteps(steps)) === true;
}

/** As `runSteps`, but tells who left (undefined) from who went back from the first step. */
export async function askSteps(steps: readonly (() => Promise<unknown>)[]): Promise<Answer<true>> {
  let index = 0;
  while (index >= 0 && index < steps.length) {
    const answer = await steps[index]?.();
    if (answer === undefined) {
      return undefined;
    }
    index += answer === goBack ? -1 : 1;
  }
  return index >= 0 ? true : goBack;
}
