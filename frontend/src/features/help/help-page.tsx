/** `/help/:guide?`: the guides; without a name the one for the reader's own role. */
import guides from 'virtual:guides';
import { NavLink, Navigate, useParams } from 'react-router';
import { Page } from '@/components/page/page';
import { useMe } from '@/lib/queries/session';
import { GuideBlock, GuideWords } from './components/guide-block';
import classes from './help-page.module.css';

const OF_ROLE = {
  viewer: 'read-the-pipeline',
  editor: 'edit-deals',
  admin: 'administer',
} as const;

export default function HelpPage() {
  const { guide: asked } = useParams();
  const { role } = useMe();
  const guide = guides.find(({ slug }) => slug === asked);
  if (guide === undefined) return <Navigate to={`/help/${OF_ROLE[role]}`} replace />;
  return (
    <Page title={guide.title} lede={<GuideWords words={guide.lede} />}>
      <nav className={classes.guides} aria-label="Guides">
        {guides.map(({ slug, title }) => (
          <NavLink key={slug} to={`/help/${slug}`} className={classes.guide ?? ''}>
            {title}
          </NavLink>
        ))}
      </nav>
      <article className={classes.text}>
        {guide.blocks.map((block, place) => (
          // A guide never changes while it is shown.
          <GuideBlock key={place} block={block} />
        ))}
      </article>
    </Page>
  );
}
