interface BrandProps {
  size: number;
}

/** Our mark, as in the icon of the application. */
export function Brand({ size }: BrandProps) {
  return (
    <svg width={size} height={size} viewBox="0 0 512 512" aria-hidden="true" focusable="false">
      <rect x="16" y="16" width="480" height="480" rx="112" fill="#0f6f68" />
      <g fill="none" strokeLinecap="round" strokeLinejoin="round">
        <path d="M112 280v64a72 72 0 0 0 72 72h144a72 72 0 0 0 72-72v-64" stroke="#8ee5d8" strokeWidth="36" />
        <circle cx="256" cy="142" r="64" stroke="#fff" strokeWidth="40" />
        <path d="M256 206v138h62M256 274h50" stroke="#fff" strokeWidth="38" />
      </g>
    </svg>
  );
}
