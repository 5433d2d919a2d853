import { describe, expect, it } from 'vitest';
import { addAsked } from './asked.ts';

const PAGE = 'https://study.example';

describe('what a page has asked for', () => {
  it('is listed once for each address, with its query, how often and when last, the latest last', () => {
    const first = addAsked(
      [],
      [
        { name: `${PAGE}/t/mnist?device=a#k=secret`, startTime: 0 },
        { name: `${PAGE}/api/tasks/mnist`, startTime: 10 },
        { name: `${PAGE}/api/tasks/mnist/sample?index=58&count=75`, startTime: 20 },
      ],
      PAGE,
      1000,
    );
    expect(addAsked(first, [{ name: `${PAGE}/api/tasks/mnist`, startTime: 30 }], PAGE, 1000)).toEqual([
      { path: '/t/mnist?device=a', at: 1000, count: 1 },
      { path: '/api/tasks/mnist/sample?index=58&count=75', at: 1020, count: 1 },
      { path: '/api/tasks/mnist', at: 1030, count: 2 },
    ]);
  });

  it('is named in full where it is another’s, and left out where nobody was asked', () => {
    const requests = ['https://elsewhere.example/a?b', `blob:${PAGE}/1234`, 'data:text/plain,x'];
    expect(
      addAsked(
        [],
        requests.map((name) => ({ name, startTime: 1 })),
        PAGE,
        0,
      ),
    ).toEqual([{ path: 'https://elsewhere.example/a?b', at: 1, count: 1 }]);
  });
});
