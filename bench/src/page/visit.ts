import type { Browser } from 'playwright-core';
import { NETWORK, SLOWDOWN } from './figures.ts';

export interface Visit {
  /** From the navigation until the first step can be taken, and the page has nothing else to do. */
  readonly interactiveMs: number;
  /** From the tap until the page answers it. */
  readonly answerMs: number;
  /** Over the network until then, compressed as they came. */
  readonly bytes: number;
}

declare global {
  /** Of this bench, in the page. */
  var interactiveAt: number | undefined;
  var answeredAt: number | undefined;
}

/** One first visit of a slow phone on a slow network, nothing cached: opens a task and takes the first step. */
export async function visit(browser: Browser, url: string): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: 390, height: 844 },
    isMobile: true,
    hasTouch: true,
    locale: 'en-GB',
  });
  try {
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    let bytes = 0;
    devtools.on('Network.loadingFinished', ({ encodedDataLength }) => {
      bytes += encodedDataLength;
    });
    await devtools.send('Network.enable');
    await devtools.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: NETWORK.latencyMs,
      downloadThroughput: NETWORK.bitsPerSecond / 8,
      uploadThroughput: NETWORK.bitsPerSecond / 8,
    });
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
    await page.addInitScript(noteFirstStep);
    await page.goto(url, { waitUntil: 'commit' });
    await page.waitForFunction(() => globalThis.interactiveAt !== undefined, undefined, { timeout: 60_000 });
    const bytesByThen = bytes;
    await page.getByRole('button', { name: 'Use sample data' }).tap();
    await page.waitForFunction(() => globalThis.answeredAt !== undefined, undefined, { timeout: 60_000 });
    const { at, answered } = await page.evaluate(() => ({
      at: globalThis.interactiveAt!,
      answered: globalThis.answeredAt!,
    }));
    return { interactiveMs: at, answerMs: answered, bytes: bytesByThen };
  } finally {
    await context.close();
  }
}

/** Runs in the page, before anything of it does. Times count from the navigation. */
function noteFirstStep(): void {
  const firstStep = () =>
    [...document.querySelectorAll('button')].find(
      (button) => button.textContent === 'Use sample data' && !button.disabled,
    );
  const look = new MutationObserver(() => {
    const button = firstStep();
    if (!button) return;
    look.disconnect();
    // Drawn, and whatever was to be done at once is done.
    requestAnimationFrame(() =>
      requestAnimationFrame(() =>
        setTimeout(() => {
          globalThis.interactiveAt = performance.now();
        }),
      ),
    );
    button.addEventListener('click', ({ timeStamp }) => {
      const answer = new MutationObserver(() => {
        answer.disconnect();
        globalThis.answeredAt = performance.now() - timeStamp;
      });
      answer.observe(document, { childList: true, subtree: true, attributes: true, characterData: true });
    });
  });
  look.observe(document, { childList: true, subtree: true, attributes: true, characterData: true });
}
