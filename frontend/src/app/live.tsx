/** Opens the event stream for as long as somebody is logged in, and tells how it fares. */
import { useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from 'react';
import { LiveStream, type LiveState } from '@/lib/live';

const LiveContext = createContext<LiveStream | null>(null);

export function LiveProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [stream] = useState(() => new LiveStream(queries));
  useEffect(() => {
    stream.open();
    return stream.close;
  }, [stream]);
  return <LiveContext value={stream}>{children}</LiveContext>;
}

const CLOSED: LiveState = { isLive: false, retryAt: null };
const never = (): (() => void) => () => undefined;

/** Returns whether changes arrive by themselves, and else when the next try is. */
export function useLiveState(): LiveState {
  const stream = useContext(LiveContext);
  return useSyncExternalStore(stream?.subscribe ?? never, stream?.snapshot ?? (() => CLOSED));
}
