import { Link } from 'react-router';
import { Mark } from '@/components/mark/mark';
import classes from './brand.module.css';

export function Brand() {
  return (
    <Link to="/" className={classes.brand} aria-label="Pipeline Pulse, Dashboard">
      <Mark size={24} />
      <span className={classes.name}>Pipeline Pulse</span>
    </Link>
  );
}
