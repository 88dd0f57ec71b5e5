const query = (q: string) => (q ? `?q=${encodeURIComponent(q)}` : '');

/** Address of the folder, searched for `q`. */
export const libraryPath = (q: string): string => `/${query(q)}`;

/** Address of one item, within what `q` found. */
export const itemPath = (id: string, q: string): string => `/m/${id}${query(q)}`;
