import { useState, type ReactNode } from "react";
import styles from "./Picture.module.css";

interface PictureProps {
  address: string | null | undefined;
  /** Shown where there is no picture, or where it does not load. */
  fallback: ReactNode;
  className?: string | undefined;
}

/** A thumbnail. It stands beside a title, so it needs no text of its own. */
export function Picture({ address, fallback, className = "" }: PictureProps) {
  const [broken, setBroken] = useState<string | null>(null);
  return (
    <span className={`${styles["picture"]} ${className}`}>
      {address && broken !== address ? (
        <img src={address} alt="" loading="lazy" decoding="async" onError={() => setBroken(address)} />
      ) : (
        fallback
      )}
    </span>
  );
}
