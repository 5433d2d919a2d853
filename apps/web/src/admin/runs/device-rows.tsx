import type { RoundDevice } from '@sotto/protocol/admin/live';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { formatBytes } from '../../ui/quantity.ts';
import { SEAT_STATES, UPDATE_STATES } from './state-words.ts';

const ROW_PX = 34;
const CELL = 'truncate px-3';

/** A row a device; only those that are seen are drawn. */
export function DeviceRows({ devices }: { devices: readonly RoundDevice[] }) {
  const region = useRef<HTMLElement>(null);
  const hasGroups = devices.some(({ group }) => group !== null && group > 0);
  const rows = useVirtualizer({
    count: devices.length,
    getScrollElement: () => region.current,
    estimateSize: () => ROW_PX,
    getItemKey: (i) => devices[i]!.device,
    overscan: 8,
  });
  const seen = rows.getVirtualItems();
  const before = seen[0]?.start ?? 0;
  const after = rows.getTotalSize() - (seen.at(-1)?.end ?? 0);
  return (
    <section
      ref={region}
      aria-label="Devices of the round, one by one"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
      tabIndex={0}
      className="mt-3 max-h-80 overflow-auto rounded-lg border border-line text-sm"
      data-testid="device-rows"
    >
      <table aria-rowcount={devices.length + 1} className="w-full min-w-[34rem] table-fixed text-left">
        <thead className="sticky top-0 z-[1] bg-surface text-muted shadow-[0_1px_0_var(--line)]">
          <tr aria-rowindex={1} style={{ height: ROW_PX }}>
            <th className={`${CELL} font-medium`}>Device</th>
            {hasGroups && <th className={`${CELL} w-20 font-medium`}>Group</th>}
            <th className={`${CELL} font-medium`}>Update</th>
            <th className={`${CELL} font-medium`}>Committee</th>
            <th className={`${CELL} w-24 text-right font-medium`}>Sent</th>
          </tr>
        </thead>
        <tbody>
          <Space height={before} />
          {seen.map(({ index, key }) => (
            <Row key={key} index={index} device={devices[index]!} hasGroups={hasGroups} />
          ))}
          <Space height={after} />
        </tbody>
      </table>
    </section>
  );
}

/** In the place of rows that are not drawn. */
function Space({ height }: { height: number }) {
  return height > 0 ? (
    <tr>
      <td style={{ height }} />
    </tr>
  ) : null;
}

function Row({ index, device, hasGroups }: { index: number; device: RoundDevice; hasGroups: boolean }) {
  const { device: id, group, update, seat, bytes } = device;
  return (
    <tr aria-rowindex={index + 2} style={{ height: ROW_PX }} className="border-b border-line last:border-0">
      <td className={`${CELL} font-mono text-xs`} title={id}>
        {id.slice(0, 16)}
      </td>
      {hasGroups && <td className={CELL}>{group || ''}</td>}
      <td className={CELL}>
        {update && (
          <span className="flex items-center gap-2">
            <span aria-hidden="true" className={`size-2.5 shrink-0 rounded-full ${UPDATE_STATES[update].fill}`} />
            {UPDATE_STATES[update].name}
          </span>
        )}
      </td>
      <td className={CELL}>{seat ? SEAT_STATES[seat] : ''}</td>
      <td className={`${CELL} text-right`}>{bytes === null ? '–' : formatBytes(bytes)}</td>
    </tr>
  );
}
