/** Administration: users, API tokens, settings, and who wrote what. */
import { Tabs } from '@mantine/core';
import { Note } from '@/components/note/note';
import { Page } from '@/components/page/page';
import { useMay } from '@/lib/queries/session';
import { AuditTab } from './components/audit-tab';
import { SettingsTab } from './components/settings-tab';
import { TokensTab } from './components/tokens-tab';
import { UsersTab } from './components/users-tab';
import { TABS, useSearch } from './lib/search';

const LEDES = {
  users: 'Who may log in, and what each may do. A change holds from the next request on.',
  tokens: 'Keys for programs. Each acts as its owner, with no more than the owner may do.',
  settings: 'What holds for everybody. A change is obeyed within seconds, without a restart.',
  audit: 'Every write, newest first. Lines are never changed or removed.',
} as const;

export default function AdminPage() {
  const search = useSearch();
  if (!useMay('admin')) {
    return (
      <Page title="Administration">
        <Note kind="locked">This page is for admins.</Note>
      </Page>
    );
  }
  return (
    <Page title="Administration" lede={LEDES[search.tab]}>
      <Tabs
        value={search.tab}
        onChange={(chosen) => {
          const tab = TABS.find((each) => each === chosen);
          if (tab) search.open(tab);
        }}
        keepMounted={false}
      >
        <Tabs.List>
          <Tabs.Tab value="users">Users</Tabs.Tab>
          <Tabs.Tab value="tokens">API tokens</Tabs.Tab>
          <Tabs.Tab value="settings">Settings</Tabs.Tab>
          <Tabs.Tab value="audit">Audit log</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="users">
          <UsersTab search={search} />
        </Tabs.Panel>
        <Tabs.Panel value="tokens">
          <TokensTab search={search} />
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <SettingsTab />
        </Tabs.Panel>
        <Tabs.Panel value="audit">
          <AuditTab search={search} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
