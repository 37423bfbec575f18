import type { Disposable as VsDisposable } from 'vscode';

/** Base of everything that listens: what was registered goes when the object goes. */
export abstract class Disposable implements VsDisposable {
  private readonly items: VsDisposable[] = [];
  private gone = false;

  protected get isDisposed(): boolean {
    return this.gone;
  }

  /** Keeps `value` until this object is disposed; when it already is, disposes it at once. */
  protected _register<T extends VsDisposable>(value: T): T {
    if (this.gone) {
      value.dispose();
    } else {
      this.items.push(value);
    }
    return value;
  }

  dispose(): void {
    if (this.gone) {
      return;
    }
    this.gone = true;
    for (const item of this.items.splice(0).reverse()) {
      item.dispose();
    }
  }
}
