/* SPDX-License-Identifier: AGPL-3.0-or-later */
/** A file of clients as it is: the server knows how to read what older programs write. */
export interface Chosen {
  name: string;
  base64: string;
}

/** Which column each field comes from; a field that is not there comes from none. */
export type Mapping = Record<string, string>;

export function readFile(file: File): Promise<Chosen> {
  return new Promise((done, failed) => {
    const reader = new FileReader();
    reader.addEventListener('error', () => failed(reader.error ?? new Error('The file cannot be read.')));
    reader.addEventListener('load', () => {
      const url = String(reader.result);
      done({ name: file.name, base64: url.slice(url.indexOf(',') + 1) });
    });
    reader.readAsDataURL(file);
  });
}
