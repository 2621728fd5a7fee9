import { encode } from "uqr";
import styles from "./Podcasts.module.css";

/** A text for a camera. Black on white whatever the page looks like: cameras expect that. */
export default function QrCode({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { ecc: "M", border: 3 });
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return (
    <svg
      className={styles["qr"]}
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <path d={`M0 0h${size}v${size}H0z`} className={styles["qrLight"]} />
      <path d={dark.join("")} className={styles["qrDark"]} />
    </svg>
  );
}
