import { useEffect, useState } from "react";

/** Comes back now and then, so that “5 minutes ago” stays true on a screen that is left open. */
export function useNow(everySeconds = 30): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everySeconds * 1000);
    return () => clearInterval(timer);
  }, [everySeconds]);
  return now;
}
