/** Replaces typographic quotes, which phones and pasted texts use, by those of the search. */
export const plainQuotes = (text: string): string => text.replace(/[“”„‟«»]/g, '"');
