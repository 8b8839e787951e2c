/** The roles that components paint with, as CSS variables, for the light and the dark scheme. */
import { HUES, palette, type Hue } from './palette';

export type Scheme = 'light' | 'dark';
export type Roles = Record<`--pp-${string}`, string>;

const WHITE = '#FFFFFF';

function channels(hex: string): [number, number, number] {
  const value = Number.parseInt(hex.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}

/** Returns `top` laid over `ground` with an opacity of `share`. */
function over(top: string, ground: string, share: number): string {
  const above = channels(top);
  const below = channels(ground);
  const mixed = above.map((channel, index) =>
    Math.round(channel * share + (below[index] ?? 0) * (1 - share)),
  );
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`.toUpperCase();
}

const shade = (name: keyof typeof palette, index: number): string => palette[name][index] ?? WHITE;

function hueRoles(hue: Hue, scheme: Scheme): Roles {
  const name = `--pp-${hue}` as const;
  if (scheme === 'light') {
    return {
      [name]: shade(hue, hue === 'purple' ? 6 : 5),
      [`${name}-text`]: shade(hue, 7),
      [`${name}-soft`]: shade(hue, 0),
      [`${name}-mid`]: shade(hue, 1),
      [`${name}-line`]: shade(hue, 2),
    };
  }
  const sheet = shade('dark', 7);
  return {
    [name]: shade(hue, hue === 'purple' ? 3 : 4),
    [`${name}-text`]: shade(hue, 3),
    [`${name}-soft`]: over(shade(hue, 5), sheet, 0.16),
    [`${name}-mid`]: over(shade(hue, 5), sheet, 0.28),
    [`${name}-line`]: over(shade(hue, 5), sheet, 0.45),
  };
}

const light: Roles = {
  '--pp-app': shade('ink', 1),
  '--pp-sheet': WHITE,
  '--pp-subtle': shade('ink', 0),
  '--pp-hover': shade('ink', 1),
  '--pp-line': shade('ink', 2),
  '--pp-line-2': shade('ink', 3),
  '--pp-ctl': shade('ink', 5),
  '--pp-text': shade('ink', 9),
  '--pp-soft': shade('ink', 7),
  '--pp-dim': shade('ink', 6),
  '--pp-ink': shade('ink', 9),
  '--pp-on-ink': WHITE,
  '--pp-track': shade('ink', 2),
  '--pp-overlay': 'rgba(18, 26, 23, 0.36)',
};

const dark: Roles = {
  '--pp-app': shade('dark', 8),
  '--pp-sheet': shade('dark', 7),
  '--pp-subtle': '#18201D',
  '--pp-hover': shade('dark', 6),
  '--pp-line': '#242E2A',
  '--pp-line-2': '#35413C',
  '--pp-ctl': '#65746D',
  '--pp-text': shade('dark', 0),
  '--pp-soft': shade('dark', 1),
  '--pp-dim': shade('dark', 2),
  '--pp-ink': shade('dark', 0),
  '--pp-on-ink': shade('dark', 8),
  '--pp-track': shade('dark', 5),
  '--pp-overlay': 'rgba(4, 7, 6, 0.62)',
};

/** Returns every role of a scheme with its colour. */
export function rolesOf(scheme: Scheme): Roles {
  return Object.assign(
    {},
    scheme === 'light' ? light : dark,
    ...HUES.map((hue) => hueRoles(hue, scheme)),
  ) as Roles;
}
