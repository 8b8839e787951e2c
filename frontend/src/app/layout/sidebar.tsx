/** The domains and their places; folds to icons on narrow screens. */
import { Tooltip } from '@mantine/core';
import { NavLink } from 'react-router';
import { useMe } from '@/lib/queries/session';
import { DOMAINS, type Place } from '../navigation';
import { mayOpen } from '../may-open';
import { AccountMenu } from './account-menu';
import { Brand } from './brand';
import { PlaceCount } from './place-count';
import classes from './sidebar.module.css';

export function Sidebar({
  className,
  isDrawer = false,
}: {
  className?: string | undefined;
  isDrawer?: boolean;
}) {
  const me = useMe();
  return (
    <aside
      aria-label="Sidebar"
      className={`${classes.sidebar ?? ''} ${className ?? ''}`}
      data-drawer={isDrawer || undefined}
    >
      {!isDrawer && <Brand />}
      <nav aria-label="Pages" className={classes.nav}>
        {DOMAINS.map(({ name, places }) => {
          const open = places.filter((place) => mayOpen(me, place));
          return open.length === 0 ? null : (
            <div key={name ?? 'last'} className={classes.domain}>
              {name && <p className={classes.heading}>{name}</p>}
              <ul className={classes.places} aria-label={name ?? 'Administration'}>
                {open.map((place) => (
                  <li key={place.path}>
                    <PlaceLink place={place} isDrawer={isDrawer} />
                  </li>
                ))}
              </ul>
            </div>
          );
        })}
      </nav>
      <AccountMenu />
    </aside>
  );
}

function PlaceLink({ place, isDrawer }: { place: Place; isDrawer: boolean }) {
  const Icon = place.icon;
  return (
    <Tooltip
      label={place.name}
      position="right"
      disabled={isDrawer}
      classNames={{ tooltip: classes.tip ?? '' }}
    >
      <NavLink
        to={place.path}
        end={place.path === '/' || place.path === '/o2r'}
        className={classes.place ?? ''}
      >
        <Icon size={17} stroke={1.7} aria-hidden />
        <span className={classes.name}>{place.name}</span>
        <PlaceCount path={place.path} />
      </NavLink>
    </Tooltip>
  );
}
