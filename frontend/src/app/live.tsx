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

/** A glance at another tab costs nothing. */
const REST_AFTER_MS = 30_000;

export function LiveProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [stream] = useState(() => new LiveStream(queries));
  useEffect(() => {
    stream.open();
    const stopWatching = restWhileHidden(stream);
    return () => {
      stopWatching();
      stream.close();
    };
  }, [stream]);
  return <LiveContext value={stream}>{children}</LiveContext>;
}

/**
 * Closes the stream of a tab that nobody looks at, and opens it again, which asks for everything
 * anew, when somebody does. Over HTTP/1.1 a browser has six connections to a server in all: a few
 * forgotten tabs would leave none for requests.
 */
function restWhileHidden(stream: LiveStream): () => void {
  let timer: number | undefined;
  let isResting = false;
  const look = (): void => {
    window.clearTimeout(timer);
    if (document.visibilityState === 'hidden') {
      timer = window.setTimeout(() => {
        isResting = true;
        stream.close();
      }, REST_AFTER_MS);
    } else if (isResting) {
      isResting = false;
      stream.open();
    }
  };
  document.addEventListener('visibilitychange', look);
  return () => {
    window.clearTimeout(timer);
    document.removeEventListener('visibilitychange', look);
  };
}

const CLOSED: LiveState = { isLive: false, retryAt: null };
const never = (): (() => void) => () => undefined;

/** Returns whether changes arrive by themselves, and else when the next try is. */
export function useLiveState(): LiveState {
  const stream = useContext(LiveContext);
  return useSyncExternalStore(stream?.subscribe ?? never, stream?.snapshot ?? (() => CLOSED));
}
