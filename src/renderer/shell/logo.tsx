/** Keelan's icon, as in assets/icon.svg. */
export function Logo({ size = 24 }: { readonly size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 64 64" aria-hidden="true">
      <rect width="64" height="64" rx="14" fill="#10355c" />
      <path d="M30 8v26H13z" fill="#fff" />
      <path d="M34 14v20h14z" fill="#9fc6ea" />
      <path d="M8 38h48c-2 8-8 13-16 13h-3l-2 6h-6l-2-6h-3C16 51 10 46 8 38z" fill="#f6a623" />
    </svg>
  )
}
