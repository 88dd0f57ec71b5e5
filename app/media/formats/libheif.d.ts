/** The part of libheif-js that is used; the package describes only its raw bindings. */
declare module 'libheif-js/wasm-bundle' {
  interface Pixels {
    data: Uint8ClampedArray;
    width: number;
    height: number;
  }
  interface HeifImage {
    get_width(): number;
    get_height(): number;
    is_primary(): boolean;
    /** Calls back with the filled pixels, RGBA, or with nothing when decoding fails. */
    display(target: Pixels, done: (pixels: Pixels | null | undefined) => void): void;
    free(): void;
  }
  export class HeifDecoder {
    decode(file: Uint8Array): HeifImage[];
  }
  const libheif: { HeifDecoder: typeof HeifDecoder; ready: Promise<unknown> };
  export default libheif;
}
