import { TimelineApp } from './app.js';
import type { VsCodeApi } from './app.js';

declare function acquireVsCodeApi(): VsCodeApi;

const root = document.getElementById('timeline');
if (root !== null) {
  new TimelineApp(acquireVsCodeApi(), root).start();
}
