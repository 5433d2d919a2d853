import type { Page } from 'playwright-core';

/** Notes, frame by frame, what the progress bars of a page show. @returns what was drawn between nothing and all, in percent */
export async function watchProgress(page: Page): Promise<() => Promise<number[]>> {
  await page.evaluate(() => {
    const drawn = new Set<number>();
    Object.assign(window, { drawn });
    const look = () => {
      for (const bar of document.querySelectorAll('[role=progressbar]')) drawn.add(Number(bar.ariaValueNow));
      requestAnimationFrame(look);
    };
    look();
  });
  return () =>
    page.evaluate(() => {
      const { drawn } = window as unknown as { drawn: Set<number> };
      return [...drawn].filter((percent) => percent > 0 && percent < 100);
    });
}
