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
import { ChangeItem, ChangeList, TimelineItem } from '@/components/timeline/timeline';
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
  const changes = changesOf(line);
  const isOwn = line.name === line.user_name;
  return (
    <TimelineItem
      icon={ICONS[line.kind] ?? IconWriting}
      who={line.user_name}
      head={
        <>
          · {actionWords(line.action)}
          {line.name !== null && !isOwn && <span className={classes.name}> · {line.name}</span>}
        </>
      }
      at={line.at}
    >
      {changes.length > 0 && (
        <ChangeList>
          {changes.map(({ name, before, after }) => (
            <ChangeItem key={name} name={named(name)} before={before} after={after} />
          ))}
        </ChangeList>
      )}
      <span className={classes.small}>{viaWords(line)}</span>
    </TimelineItem>
  );
}
