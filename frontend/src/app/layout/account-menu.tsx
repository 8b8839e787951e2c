/** The foot of the sidebar: who is logged in, and what is theirs: theme, density, help, log-out. */
import { Menu, SegmentedControl, UnstyledButton, useMantineColorScheme } from '@mantine/core';
import {
  IconHelp,
  IconKeyboard,
  IconLogout,
  IconSelector,
  IconUserCircle,
} from '@tabler/icons-react';
import { Link } from 'react-router';
import { Avatar } from '@/components/avatar/avatar';
import { useDensity } from '@/lib/density';
import { useLogOut, useMe } from '@/lib/queries/session';
import { tellError } from '@/lib/toast';
import { openKeys } from './app-keys';
import classes from './account-menu.module.css';

const ROLES = { viewer: 'Viewer', editor: 'Editor', admin: 'Admin' } as const;

export function AccountMenu() {
  const me = useMe();
  const logOut = useLogOut();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [density, setDensity] = useDensity();
  return (
    <Menu position="top-start" width={244} withinPortal closeOnItemClick={false}>
      <Menu.Target>
        <UnstyledButton className={classes.foot} aria-label={`Account of ${me.name}`}>
          <Avatar name={me.name} />
          <span className={classes.words}>
            <span className={classes.name}>{me.name}</span>
            <span className={classes.role}>
              {ROLES[me.role]}
              {me.organisation && ` · ${me.organisation}`}
            </span>
          </span>
          <IconSelector className={classes.arrow} size={16} stroke={1.7} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Theme</Menu.Label>
        <SegmentedControl
          className={classes.choice ?? ''}
          aria-label="Theme"
          fullWidth
          value={colorScheme}
          onChange={setColorScheme}
          data={[
            { value: 'auto', label: 'System' },
            { value: 'light', label: 'Light' },
            { value: 'dark', label: 'Dark' },
          ]}
        />
        <Menu.Label>Density of tables</Menu.Label>
        <SegmentedControl
          className={classes.choice ?? ''}
          aria-label="Density of tables"
          fullWidth
          value={density}
          onChange={(value) => {
            setDensity(value);
          }}
          data={[
            { value: 'compact', label: 'Compact' },
            { value: 'default', label: 'Default' },
            { value: 'roomy', label: 'Roomy' },
          ]}
        />
        <Menu.Divider />
        <Menu.Item
          component={Link}
          to="/account"
          closeMenuOnClick
          leftSection={<IconUserCircle size={16} stroke={1.7} aria-hidden />}
        >
          Your account
        </Menu.Item>
        <Menu.Item
          component={Link}
          to="/help"
          closeMenuOnClick
          leftSection={<IconHelp size={16} stroke={1.7} aria-hidden />}
        >
          Help
        </Menu.Item>
        <Menu.Item
          closeMenuOnClick
          leftSection={<IconKeyboard size={16} stroke={1.7} aria-hidden />}
          onClick={openKeys}
        >
          Keys
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          closeMenuOnClick
          leftSection={<IconLogout size={16} stroke={1.7} aria-hidden />}
          onClick={() => {
            logOut.mutate(undefined, {
              onError: (error) => {
                tellError(error, 'You are still logged in.');
              },
            });
          }}
        >
          Log out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
