/** Maximum number of ids in one event. With more, the client reloads its lists. */
export const MAX_EVENT_IDS = 100;
