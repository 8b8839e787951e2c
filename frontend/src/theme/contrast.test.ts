import { describe, expect, test } from 'vitest';
import { HUES } from './palette';
import { rolesOf, type Scheme } from './roles';

/** WCAG 2.2 relative luminance and contrast ratio. */
function luminance(hex: string): number {
  const value = Number.parseInt(hex.slice(1), 16);
  const [r = 0, g = 0, b = 0] = [(value >> 16) & 255, (value >> 8) & 255, value & 255].map((c) => {
    const share = c / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

type Pair = [front: string, ground: string, light: number, dark: number, need: number];

const TEXT = 4.5;
const SHAPE = 3;

const PAIRS: Pair[] = [
  ['text', 'sheet', 17.7, 14.6, TEXT],
  ['text', 'app', 15.7, 15.8, TEXT],
  ['text', 'hover', 15.7, 12.8, TEXT],
  ['soft', 'sheet', 8.0, 10.9, TEXT],
  ['soft', 'app', 7.1, 11.7, TEXT],
  ['soft', 'hover', 7.1, 9.5, TEXT],
  ['dim', 'sheet', 5.1, 7.1, TEXT],
  ['dim', 'app', 4.6, 7.6, TEXT],
  ['dim', 'subtle', 4.8, 6.7, TEXT],
  ['dim', 'hover', 4.6, 6.2, TEXT],
  ['on-ink', 'ink', 17.7, 15.8, TEXT],
  ['ctl', 'sheet', 3.1, 3.6, SHAPE],
  ['green-text', 'sheet', 7.2, 8.7, TEXT],
  ['green-text', 'green-soft', 6.5, 7.1, TEXT],
  ['blue-text', 'sheet', 8.2, 7.5, TEXT],
  ['blue-text', 'blue-soft', 7.4, 6.3, TEXT],
  ['amber-text', 'sheet', 6.9, 9.7, TEXT],
  ['amber-text', 'amber-soft', 6.3, 7.7, TEXT],
  ['red-text', 'sheet', 8.4, 7.0, TEXT],
  ['red-text', 'red-soft', 7.5, 6.2, TEXT],
  ['purple-text', 'sheet', 8.9, 7.2, TEXT],
  ['purple-text', 'purple-soft', 8.0, 6.2, TEXT],
  ['green', 'sheet', 3.8, 6.4, SHAPE],
  ['blue', 'sheet', 4.6, 5.4, SHAPE],
  ['amber', 'sheet', 3.1, 7.7, SHAPE],
  ['red', 'sheet', 4.7, 5.0, SHAPE],
  ['purple', 'sheet', 6.6, 7.2, SHAPE],
  ['green', 'track', 3.0, 4.6, SHAPE],
  ['blue', 'track', 3.7, 3.8, SHAPE],
  ['red', 'track', 3.7, 3.6, SHAPE],
  ['purple', 'track', 5.3, 5.2, SHAPE],
];

describe.each(['light', 'dark'] satisfies Scheme[])('in the %s scheme', (scheme) => {
  const roles = rolesOf(scheme);
  const colour = (role: string): string => roles[`--pp-${role}`] ?? '';

  test.each(PAIRS)('%s on %s has the contrast that was designed', (front, ground, ...figures) => {
    const [light, dark, need] = figures;
    const found = contrast(colour(front), colour(ground));
    expect(found).toBeCloseTo(scheme === 'light' ? light : dark, 0);
    expect(Math.abs(found - (scheme === 'light' ? light : dark))).toBeLessThan(0.06);
    expect(found).toBeGreaterThanOrEqual(need - 0.05);
  });
});

test('every hue has its five roles in both schemes, and none is shared', () => {
  for (const scheme of ['light', 'dark'] as const) {
    const roles = rolesOf(scheme);
    for (const hue of HUES) {
      const names = ['', '-text', '-soft', '-mid', '-line'].map((part) => `--pp-${hue}${part}`);
      const colours = names.map((name) => roles[name as `--pp-${string}`]);
      expect(colours).not.toContain(undefined);
    }
  }
});

test('soft grounds of the dark scheme are the computed ones', () => {
  const roles = rolesOf('dark');
  expect(HUES.map((hue) => roles[`--pp-${hue}-soft`])).toEqual([
    '#162F24',
    '#1B2939',
    '#312C18',
    '#32211E',
    '#252537',
  ]);
});
