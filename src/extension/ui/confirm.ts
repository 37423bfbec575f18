import { window } from 'vscode';

/** Asks in a modal dialogue; true when the person pressed `button`. */
export async function confirm(input: {
  message: string;
  detail: string;
  button: string;
}): Promise<boolean> {
  const { message, detail, button } = input;
  return (await window.showInformationMessage(message, { modal: true, detail }, button)) === button;
}

/** As `confirm`, for what the person should think twice about. */
export async function confirmWarning(input: {
  message: string;
  detail: string;
  button: string;
}): Promise<boolean> {
  const { message, detail, button } = input;
  return (await window.showWarningMessage(message, { modal: true, detail }, button)) === button;
}
