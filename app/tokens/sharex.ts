/** An uploader of ShareX: https://getsharex.com/docs/custom-uploader */
interface Uploader {
  /** Address of the site, without a slash at its end. */
  site: string;
  token: string;
  /** Whether the addresses of files are paths of the site: with local storage. */
  hasPaths: boolean;
}

/**
 * Returns the text of a `.sxcu` file, by which ShareX adds files with the token. ShareX then copies
 * the address of the file.
 */
export function sharexUploader({ site, token, hasPaths }: Uploader): string {
  const base = hasPaths ? site : '';
  const uploader = {
    Version: '15.0.0',
    Name: `meemikansio (${new URL(site).host})`,
    DestinationType: 'ImageUploader, FileUploader',
    RequestMethod: 'POST',
    RequestURL: `${site}/api/media`,
    Headers: { Authorization: `Bearer ${token}` },
    Body: 'MultipartFormData',
    FileFormName: 'file',
    URL: `${base}{json:url}`,
    ErrorMessage: '{json:message}',
  };
  return `${JSON.stringify(uploader, null, 2)}\n`;
}
