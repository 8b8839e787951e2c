/** The product's mark. */
export function Mark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden focusable={false}>
      <rect width="24" height="24" rx="6" fill="var(--pp-ink)" />
      <path
        d="M5 12.5h3l2-5.5 3.4 10 2.1-4.5H19"
        fill="none"
        stroke="var(--pp-on-ink)"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
