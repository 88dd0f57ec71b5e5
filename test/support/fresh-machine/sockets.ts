/** Unix socket that leads out of the closed network, to the proxy. A namespace does not hide it. */
export const PROXY_SOCKET = 'proxy.sock';
/** Unix socket that leads into the closed network, to the app. */
export const APP_SOCKET = 'app.sock';
/** TCP port of the proxy inside the closed network. */
export const PROXY_PORT = 3128;
/** UDP port of the DNS server inside the closed network. */
export const DNS_PORT = 53;
