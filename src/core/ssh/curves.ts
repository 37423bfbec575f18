/** A curve of ECDSA keys (RFC 5656), and the hash that its signatures are made with. */
export interface Curve {
  readonly name: 'nistp256' | 'nistp384' | 'nistp521';
  /** Bytes of one coordinate. */
  readonly size: number;
  readonly hash: 'sha256' | 'sha384' | 'sha512';
  /** SubjectPublicKeyInfo up to the point, DER in hex (RFC 5480). */
  readonly spki: string;
}

const p256: Curve = {
  name: 'nistp256',
  size: 32,
  hash: 'sha256',
  spki: '3059301306072a8648ce3d020106082a8648ce3d030107034200',
};

/** By the name of the key. */
export const curves: ReadonlyMap<string, Curve> = new Map([
  ['ecdsa-sha2-nistp256', p256],
  ['sk-ecdsa-sha2-nistp256@openssh.com', p256],
  [
    'ecdsa-sha2-nistp384',
    {
      name: 'nistp384',
      size: 48,
      hash: 'sha384',
      spki: '3076301006072a8648ce3d020106052b81040022036200',
    },
  ],
  [
    'ecdsa-sha2-nistp521',
    {
      name: 'nistp521',
      size: 66,
      hash: 'sha512',
      spki: '30819b301006072a8648ce3d020106052b8104002303818600',
    },
  ],
]);
