/** Upstream's paging as far as it could be read; null where it said nothing usable. */
export interface Pagination {
  currentPage: number | null;
  perPage: number | null;
  totalItems: number | null;
  totalPages: number | null;
  nextPage: number | null;
}

export type Opened = { rows: unknown[]; pagination: Pagination } | { violation: string };

/** No page is this large: the documented maximum is 200, the largest seen 1024. */
const MAX_ROWS = 1024;

/** Takes rows and paging out of `{pagination, data}`. An envelope of another shape is a contract violation. */
export function openEnvelope(value: unknown): Opened {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { violation: 'the answer is not an object' };
  }
  const { data, pagination } = value as Record<string, unknown>;
  if (data === undefined) return { violation: '`data` is missing' };
  if (!Array.isArray(data)) return { violation: '`data` is not an array' };
  if (data.length > MAX_ROWS) return { violation: `\`data\` holds ${data.length} rows, more than ${MAX_ROWS}` };
  return { rows: data as unknown[], pagination: readPagination(pagination) };
}

function readPagination(value: unknown): Pagination {
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  return {
    currentPage: count(fields['current_page']),
    perPage: count(fields['per_page']),
    totalItems: count(fields['total_items']),
    totalPages: count(fields['total_pages']),
    nextPage: count(fields['next_page']),
  };
}

function count(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) && (number as number) >= 0 ? (number as number) : null;
}
