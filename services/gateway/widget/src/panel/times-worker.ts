// Off the thread that the visitor waits for: what a browser reads of languages is kept for all threads of the frame's process.
import { prepareTimes } from './times.ts';

void prepareTimes('en').then(() => {
  postMessage(0);
  close();
});
