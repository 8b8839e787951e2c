/** The phone's bar: four places and More. */
import { UnstyledButton } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { NavLink } from 'react-router';
import { useMe } from '@/lib/queries/session';
import { mayOpen } from '../may-open';
import { PLACES } from '../navigation';
import classes from './phone-bar.module.css';

export function PhoneBar({ onMore }: { onMore: () => void }) {
  const me = useMe();
  return (
    <nav aria-label="Main places" className={classes.bar}>
      {PLACES.filter((place) => place.phone !== undefined && mayOpen(me, place)).map((place) => {
        const Icon = place.icon;
        return (
          <NavLink
            key={place.path}
            to={place.path}
            end={place.path === '/'}
            className={classes.place ?? ''}
          >
            <Icon size={20} stroke={1.7} aria-hidden />
            {place.phone}
          </NavLink>
        );
      })}
      <UnstyledButton className={classes.place ?? ''} onClick={onMore}>
        <IconDots size={20} stroke={1.7} aria-hidden />
        More
      </UnstyledButton>
    </nav>
  );
}
