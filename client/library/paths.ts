const query = (q: string) => (q ? `?q=${encodeURIComponent(q)}` : '');

/** Path of the library, filtered by `q`. */
export const libraryPath = (q: string): string => `/${query(q)}`;

/** Path of one item within the results for `q`. */
export const itemPath = (id: string, q: string): string => `/m/${id}${query(q)}`;
