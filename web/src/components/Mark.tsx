import address from "@/assets/magpie.svg";

/** The bird. Decoration: the name stands beside it. */
export function Mark({ size = 32 }: { size?: number }) {
  return <img src={address} width={size} height={size} alt="" />;
}
