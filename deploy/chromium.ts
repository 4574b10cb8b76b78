// The Chromium of the browser tests: found, or installed where that is possible, or asked for in one sentence.
import { findChromium } from '@continuo/servers';
import { aptInstall, canInstall } from './apt.ts';

export async function ensureChromium(onProgress: (line: string) => void): Promise<string> {
  const found = findChromium();
  if (found) return found;
  if (canInstall()) {
    onProgress('installing chromium (apt, about 80 MB)');
    await aptInstall('chromium', 'fonts-noto-color-emoji');
    const installed = findChromium();
    if (installed) return installed;
  }
  throw new Error(
    'The browser tests need Chromium: install it (Debian: apt-get install chromium) or set CHROMIUM_BIN.',
  );
}
