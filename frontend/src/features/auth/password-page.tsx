/** A temporary password must be changed before anything else. */
import { useQuery } from '@tanstack/react-query';
import { Navigate } from 'react-router';
import { meQuery } from '@/lib/queries/session';
import { BarePage } from './components/bare-page';
import { PasswordForm } from './components/password-form';

export default function PasswordPage() {
  const me = useQuery(meQuery);
  if (me.isError) return <Navigate to="/login" replace />;
  if (!me.data) return null;
  if (!me.data.must_change_password) return <Navigate to="/" replace />;
  return (
    <BarePage
      title="Choose your password"
      lede={`Welcome, ${me.data.name}. The password you were given works only once.`}
    >
      <PasswordForm
        present="The password you were given"
        submit="Save and go on"
        isFilled
        // The page leaves by itself once the account is known to have its own password.
        onDone={() => undefined}
      />
    </BarePage>
  );
}
