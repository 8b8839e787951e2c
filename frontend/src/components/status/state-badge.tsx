/** A state as icon and word: never by colour alone. */
import { Tooltip } from '@mantine/core';
import classes from './state-badge.module.css';
import type { State } from './vocabulary';

type StateBadgeProps = {
  state: State;
  /** `badge` has a soft ground, `plain` is icon and word in a line, `icon` is the icon alone. */
  look?: 'badge' | 'plain' | 'icon';
};

export function StateBadge({ state, look = 'badge' }: StateBadgeProps) {
  const Icon = state.icon;
  const badge = (
    <span
      className={classes.state}
      data-hue={state.hue ?? undefined}
      data-look={look}
      role={look === 'icon' ? 'img' : undefined}
      aria-label={look === 'icon' ? state.word : undefined}
    >
      <Icon
        size={look === 'badge' ? 13 : 15}
        stroke={1.8}
        aria-hidden
        data-turns={state.word === 'Syncing' || state.word === 'Running' || undefined}
      />
      {look !== 'icon' && state.word}
    </span>
  );
  const said = state.sentence ?? (look === 'icon' ? state.word : undefined);
  return said === undefined ? badge : <Tooltip label={said}>{badge}</Tooltip>;
}
