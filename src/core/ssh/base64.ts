/**
 * Base64 exactly as OpenSSH reads it: white space anywhere is left out, padding is needed, and the bits that
 * it leaves over are zero. One character a byte. Null for anything else.
 */
export function decodeBase64(text: string): Buffer | null {
  const dense = text.replace(/[ \t\n\v\f\r]+/g, '');
  if (dense.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(dense)) return null;
  const bytes = Buffer.from(dense, 'base64');
  return bytes.toString('base64') === dense ? bytes : null;
}
