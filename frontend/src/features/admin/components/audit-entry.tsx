import {
  IconAdjustments,
  IconKey,
  IconLogin,
  IconPlugConnected,
  IconRefresh,
  IconReplace,
  IconUser,
  IconWriting,
  type Icon,
} from '@tabler/icons-react';
import { Moment } from '@/components/time/moment';
import type { AuditLine } from '../api/audit';
import { named } from '../lib/setting-kind';
import { actionWords, changesOf, viaWords } from '../lib/words';
import classes from './audit.module.css';

const ICONS: Readonly<Record<string, Icon>> = {
  session: IconLogin,
  user: IconUser,
  token: IconKey,
  settings: IconAdjustments,
  field_map: IconReplace,
  connection: IconPlugConnected,
  sync: IconRefresh,
};

/** One line of the log. */
export function AuditEntry({ line }: { line: AuditLine }) {
  const Icon = ICONS[line.kind] ?? IconWriting;
  const changes = changesOf(line);
  const isOwn = line.name === line.user_name;
  return (
    <li className={classes.line}>
      <span className={classes.icon}>
        <Icon size={14} stroke={1.7} aria-hidden />
      </span>
      <div className={classes.body}>
        <div className={classes.head}>
          <span>
            <strong>{line.user_name}</strong> · {actionWords(line.action)}
            {line.name !== null && !isOwn && <span className={classes.name}> · {line.name}</span>}
          </span>
          <span className={classes.at}>
            <Moment at={line.at} as="when" />
          </span>
        </div>
        {changes.length > 0 && (
          <ul className={classes.changes}>
            {changes.map((change) => (
              <li key={change.name}>
                {named(change.name)} {change.before !== null && <del>{change.before}</del>}
                {change.before !== null && change.after !== null && ' → '}
                {change.after !== null && <ins>{change.after}</ins>}
              </li>
            ))}
          </ul>
        )}
        <span className={classes.small}>{viaWords(line)}</span>
      </div>
    </li>
  );
}
