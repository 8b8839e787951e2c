/** What access is asked for and why, and what is never done with it. */
import { IconBan } from '@tabler/icons-react';
import { Section } from '@/components/page/section';
import type { ConnectOptions } from '../api/connection';
import classes from './asked-for.module.css';

const NEVER = [
  'Create or delete deals',
  'Write anything while the mode is “CRM to local only”',
  'Send your data anywhere: it stays in your database',
  'Log or show your tokens',
];

export function AskedFor({ areas }: { areas: ConnectOptions['areas'] }) {
  return (
    <div>
      <Section title="What we ask for">
        <ul className={classes.list}>
          {areas.map((area) => (
            <li key={area.name} className={classes.area}>
              <span className={classes.name}>{area.name}</span>
              <span className={classes.small}>{area.access}</span>
              <span className={classes.reason}>{area.reason}</span>
            </li>
          ))}
        </ul>
      </Section>
      <Section title="What we never do">
        <ul className={classes.list}>
          {NEVER.map((words) => (
            <li key={words} className={classes.never}>
              <IconBan size={15} stroke={1.7} aria-hidden />
              {words}
            </li>
          ))}
        </ul>
      </Section>
    </div>
  );
}
