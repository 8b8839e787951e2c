/** Your account: who you are here, your password, where you are logged in. */
import { Fact, Facts } from '@/components/facts/facts';
import { Columns, Section } from '@/components/page/section';
import { Page } from '@/components/page/page';
import { counted } from '@/lib/format';
import { useMe } from '@/lib/queries/session';
import { tell } from '@/lib/toast';
import { OwnSessions } from './components/own-sessions';
import { PasswordForm } from './components/password-form';

const MAY = {
  viewer: 'You may read everything here.',
  editor: 'You may read, edit, and start and stop syncs.',
  admin: 'You may do everything here.',
} as const;
const ROLES = { viewer: 'Viewer', editor: 'Editor', admin: 'Admin' } as const;

export default function AccountPage() {
  const me = useMe();
  return (
    <Page title="Your account" lede={MAY[me.role]}>
      <Columns>
        <div>
          <OwnSessions />
        </div>
        <div>
          <Section title="You">
            <Facts>
              <Fact label="Name">{me.name}</Fact>
              <Fact label="E-mail">{me.email}</Fact>
              <Fact label="Role">{ROLES[me.role]}</Fact>
            </Facts>
          </Section>
          <Section title="Change your password" hint="All other sessions of yours end.">
            <PasswordForm
              present="Present password"
              submit="Change password"
              onDone={(ended) => {
                tell(
                  ended === 0
                    ? 'Password changed.'
                    : `Password changed, logged out in ${counted(ended, 'other place')}.`,
                );
              }}
            />
          </Section>
        </div>
      </Columns>
    </Page>
  );
}
