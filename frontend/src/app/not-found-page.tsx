import { Link, useLocation } from 'react-router';
import { Page } from '@/components/page/page';

export function NotFoundPage() {
  const { pathname } = useLocation();
  return (
    <Page title="There is no such page" lede={<>Nothing is at {pathname}.</>}>
      <p>
        <Link to="/">Go to the Dashboard</Link>, or press Ctrl K and type where to.
      </p>
    </Page>
  );
}
