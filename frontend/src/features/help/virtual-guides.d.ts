declare module 'virtual:guides' {
  import type { Guide } from '@/features/help/guide';

  const guides: Guide[];
  export default guides;
}
