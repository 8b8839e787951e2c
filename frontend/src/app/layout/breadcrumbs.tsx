/** Where one is: domain, place and, below a place, what the page is about. */
import { Link, useLocation } from 'react-router';
import { useCrumb } from '@/lib/crumb';
import { placeOf } from '../navigation';
import classes from './breadcrumbs.module.css';

export function Breadcrumbs() {
  const { pathname } = useLocation();
  const crumb = useCrumb();
  const here = placeOf(pathname);
  if (!here) return <nav aria-label="Breadcrumbs" className={classes.crumbs} />;
  const { domain, place } = here;
  const isBelow = pathname !== place.path && crumb !== null;
  return (
    <nav aria-label="Breadcrumbs" className={classes.crumbs}>
      <ol>
        {domain.name && <li>{domain.name}</li>}
        <li>
          {isBelow ? (
            <Link to={place.path}>{place.name}</Link>
          ) : (
            <span aria-current="page">{place.name}</span>
          )}
        </li>
        {isBelow && (
          <li className={classes.last}>
            <span aria-current="page">{crumb}</span>
          </li>
        )}
      </ol>
    </nav>
  );
}
