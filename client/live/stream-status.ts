/** Whether events about changed items arrive. It is in the first load, the stream is not. */
export const streamStatus = { up: false };
