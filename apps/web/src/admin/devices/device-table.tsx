import type { DeviceEntry, DevicePage } from '@sotto/protocol/admin/devices';
import { useQueries } from '@tanstack/react-query';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { type Decide, Decision } from './decision.tsx';
import { CertificatesCell, DeviceName, PresenceCell, RoundsCell } from './device-row.tsx';
import { devicesQuery, type Looking, ROWS_A_PAGE } from './queries.ts';

const ROW_PX = 60;
/** Beyond the ones in sight, so that a little scrolling shows no gaps. */
const OVERSCAN = 10;

interface DeviceTableProps {
  task: string;
  looking: Looking;
  /** The first page, which is there. */
  first: DevicePage;
  chosen: ReadonlyMap<string, DeviceEntry>;
  onChoose: (device: DeviceEntry, is: boolean) => void;
  onOpen: (device: string) => void;
  onDecide: Decide;
  disabled: boolean;
}

/** Rows in sight only, and of what is far away not even the data: thousands cost what a few do. */
export function DeviceTable(props: DeviceTableProps) {
  const { task, looking, first, chosen, onChoose, onOpen, onDecide, disabled } = props;
  const scroller = useRef<HTMLElement>(null);
  const { getVirtualItems, getTotalSize } = useVirtualizer({
    count: first.total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
  });
  const rows = getVirtualItems();
  const [top = 0, bottom = 0] = rows.length === 0 ? [] : [rows[0]!.start, getTotalSize() - rows.at(-1)!.end];
  const pages = [...new Set(rows.map(({ index }) => Math.floor(index / ROWS_A_PAGE)))];
  const answers = useQueries({ queries: pages.map((page) => devicesQuery(task, looking, page)) });
  const deviceAt = (index: number): DeviceEntry | undefined => {
    const page = answers[pages.indexOf(Math.floor(index / ROWS_A_PAGE))]?.data;
    // One of the search before is no row of this one.
    return page && page.from === Math.floor(index / ROWS_A_PAGE) * ROWS_A_PAGE
      ? page.devices[index - page.from]
      : undefined;
  };
  const now = Date.now();
  return (
    <section
      ref={scroller}
      aria-label="Devices of the task"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
      tabIndex={0}
      className="max-h-[70vh] overflow-auto"
    >
      <table aria-rowcount={first.total + 1} className="w-full min-w-[41rem] table-fixed text-left text-sm">
        <thead className="sticky top-0 z-[1] bg-surface text-muted">
          <tr className="border-b border-line">
            <th className="w-10 py-2 font-medium">
              <span className="sr-only">Chosen</span>
            </th>
            <th className="py-2 pr-4 font-medium">Device</th>
            <th className="w-[32%] py-2 pr-4 font-medium">Presence</th>
            <th className="w-24 py-2 pr-4 text-right font-medium">Contributed</th>
            <th className="hidden w-40 py-2 pr-4 font-medium xl:table-cell">Certified</th>
            <th className="w-48 py-2 font-medium">Let in</th>
          </tr>
        </thead>
        <tbody>
          <Gap height={top} />
          {rows.map(({ index, key }) => {
            const device = deviceAt(index);
            if (!device)
              return (
                <tr key={key} style={{ height: ROW_PX }} aria-rowindex={index + 2}>
                  <td />
                  <td className="text-muted">…</td>
                </tr>
              );
            return (
              <tr
                key={device.device}
                style={{ height: ROW_PX }}
                aria-rowindex={index + 2}
                className="border-b border-line"
                data-testid="device-row"
                data-connected={device.connected}
              >
                <td>
                  <input
                    type="checkbox"
                    className="size-4 accent-(--accent)"
                    aria-label={`Choose ${device.name || device.device.slice(0, 8)}`}
                    checked={chosen.has(device.device)}
                    onChange={(event) => onChoose(device, event.target.checked)}
                  />
                </td>
                <td className="pr-4">
                  <button
                    type="button"
                    onClick={() => onOpen(device.device)}
                    className="block w-full rounded text-left hover:text-accent-strong"
                  >
                    <DeviceName device={device} />
                  </button>
                </td>
                <td className="pr-4">
                  <PresenceCell device={device} />
                </td>
                <td className="pr-4 text-right">
                  <RoundsCell device={device} />
                </td>
                <td className="hidden pr-4 xl:table-cell">
                  <CertificatesCell device={device} now={now} />
                </td>
                <td className="whitespace-nowrap">
                  <fieldset disabled={disabled}>
                    <Decision device={device} admission={first.admission} onDecide={onDecide} />
                  </fieldset>
                </td>
              </tr>
            );
          })}
          <Gap height={bottom} />
        </tbody>
      </table>
    </section>
  );
}

/** In the place of rows that are out of sight. */
function Gap({ height }: { height: number }) {
  return height > 0 ? (
    <tr style={{ height }}>
      <td />
    </tr>
  ) : null;
}
