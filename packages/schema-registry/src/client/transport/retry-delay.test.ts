import { describe, expect, it } from 'vitest';
import { retryDelayMs } from './retry-delay.js';

const delay = (more: Partial<Parameters<typeof retryDelayMs>[0]>): number =>
  retryDelayMs({
    attempt: 0,
    retryBaseMs: 1_000,
    retryMaxMs: 20_000,
    random: () => 0.5,
    retryAfter: undefined,
    nowMs: Date.UTC(2026, 0, 1),
    ...more,
  });

describe('retryDelayMs', () => {
  it('doubles its ceiling up to the maximum', () => {
    expect([0, 1, 2, 3, 4, 5, 60].map((attempt) => delay({ attempt, random: () => 1 }))).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000,
    ]);
  });

  it('is anything from nothing to the ceiling', () => {
    expect(delay({ attempt: 2, random: () => 0 })).toBe(0);
    expect(delay({ attempt: 2, random: () => 0.25 })).toBe(1_000);
  });

  it('waits at least as long as the server asks, in seconds or until a date, but not longer than the maximum', () => {
    expect(delay({ retryAfter: '7' })).toBe(7_000);
    expect(delay({ retryAfter: 'Thu, 01 Jan 2026 00:00:03 GMT' })).toBe(3_000);
    expect(delay({ retryAfter: '3600' })).toBe(20_000);
  });

  it('passes over what it cannot read', () => {
    expect(delay({ retryAfter: 'soon' })).toBe(500);
    expect(delay({ retryAfter: '-5' })).toBe(500);
  });
});
