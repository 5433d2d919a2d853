import { type DeviceEntry, DeviceQuery } from '@sotto/protocol/admin/devices';
import type { Certificate } from '@sotto/protocol/certificate';
import { expect, it } from 'vitest';
import { pageOf } from '../src/devices/page.ts';

const NOW = 1_800_000_000_000;
const QUERY = DeviceQuery.parse({});

function device(index: number, change: Partial<DeviceEntry> = {}): DeviceEntry {
  return {
    device: index.toString(16).padStart(64, '0'),
    key: (0xabc000 + index).toString(16).padEnd(64, '0'),
    name: '',
    owner: '',
    connected: false,
    presentSince: null,
    lastSeen: NOW - index,
    contributes: true,
    local: false,
    verdict: null,
    invite: null,
    asked: 0,
    contributed: 0,
    failed: 0,
    about: null,
    network: null,
    certificates: [],
    ...change,
  };
}

const certificate = (expiry: number): Certificate => ({
  ...{ id: '1'.repeat(64), key: '2'.repeat(64), task: 'tiny', role: 'member', expiry, signature: '3'.repeat(128) },
});
const names = (devices: readonly DeviceEntry[]) => devices.map(({ name }) => name);

it('shows a page at a time, whoever waits for a decision first, then the connected, then by when they were seen', () => {
  const devices = [
    device(1, { name: 'gone' }),
    device(2, { name: 'long gone', lastSeen: 0 }),
    device(3, { name: 'here', connected: true, lastSeen: 0 }),
    device(4, { name: 'waits', verdict: 'waiting', lastSeen: 0 }),
  ];
  const page = pageOf(devices, QUERY, NOW);
  expect(names(page.devices)).toEqual(['waits', 'here', 'gone', 'long gone']);
  const turned = pageOf(devices, { ...QUERY, reversed: 'true' }, NOW);
  expect(names(turned.devices)).toEqual(['waits', 'long gone', 'gone', 'here']);
  const second = pageOf(devices, { ...QUERY, from: 3, most: 2 }, NOW);
  expect({ ...second, devices: names(second.devices) }).toMatchObject({ total: 4, from: 3, devices: ['long gone'] });
});

it('finds devices by every word of what is looked for, in names, owners and platforms, and by how a fingerprint begins', () => {
  const about = { platform: 'Android', agent: 'Chrome 141', backend: 'webgpu', version: '0.1.0' };
  const devices = [device(1, { name: 'Ward 3', owner: 'Ada', about }), device(2, { name: 'Ward 4', owner: 'Ben' })];
  const search = (text: string) => names(pageOf(devices, { ...QUERY, search: text }, NOW).devices);
  expect(search('ward')).toEqual(['Ward 3', 'Ward 4']);
  expect(search('WARD ada')).toEqual(['Ward 3']);
  expect(search('webgpu')).toEqual(['Ward 3']);
  expect(search('abc0 02')).toEqual(['Ward 4']);
  expect(search('ward nobody')).toEqual([]);
});

it('counts each filter over all devices, and sorts what has no name behind what has one', () => {
  const devices = [
    device(1),
    device(2, { name: 'Tablet 10', asked: 4, failed: 3 }),
    device(3, { name: 'tablet 9', certificates: [certificate(NOW + 1)] }),
    device(4, { verdict: 'revoked', certificates: [certificate(NOW - 1)] }),
  ];
  const page = pageOf(devices, { ...QUERY, order: 'name', show: 'all', search: 'tablet' }, NOW);
  expect(page.counts).toEqual({ all: 4, connected: 0, waiting: 0, certified: 1, failing: 1, revoked: 1 });
  expect(names(page.devices)).toEqual(['tablet 9', 'Tablet 10']);
  expect(names(pageOf(devices, { ...QUERY, order: 'name' }, NOW).devices)).toEqual(['tablet 9', 'Tablet 10', '', '']);
});
