/** The used part of libheif-js; the package describes only its raw bindings. */
declare module 'libheif-js/wasm-bundle.js' {
  /**
   * One plane of a decoded picture. `data` is a view of the decoder's memory until the image is
   * released.
   */
  interface HeifPlane {
    id: unknown;
    width: number;
    height: number;
    /** Bytes from one row to the next; may exceed the pixels of a row. */
    stride: number;
    data: Uint8Array;
  }
  interface HeifImage {
    /** The decoder's handle, for {@link Libheif.heif_js_decode_image2}. */
    handle: unknown;
    get_width(): number;
    get_height(): number;
    is_primary(): boolean;
  }
  /** `code` is set if decoding failed. */
  interface HeifDecoded {
    code?: unknown;
    channels?: HeifPlane[];
  }
  interface Libheif {
    ready: Promise<unknown>;
    HeifDecoder: new () => { decode(file: Uint8Array): HeifImage[] };
    heif_colorspace: { heif_colorspace_RGB: unknown };
    heif_chroma: { heif_chroma_interleaved_RGB: unknown };
    heif_channel: { heif_channel_interleaved: unknown };
    heif_js_decode_image2(
      handle: unknown,
      colorspace: unknown,
      chroma: unknown,
    ): HeifDecoded | null | Promise<HeifDecoded | null>;
  }
  const libheif: Libheif;
  export default libheif;
}
