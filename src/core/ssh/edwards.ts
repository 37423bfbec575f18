const p = 2n ** 255n - 19n;
const order = 2n ** 252n + 27742317777372353535851937790883648493n;

/** The y of all points whose order divides 8: anybody can make signatures that are good for such a key. */
const smallOrder: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  p - 1n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
]);

/** Whether 32 bytes are a canonical y of RFC 8032 with its sign, and not one of small order. */
export function isStrongEdwardsKey(key: Uint8Array): boolean {
  const y = littleEndian(key) & (2n ** 255n - 1n);
  return y < p && !smallOrder.has(y);
}

/** Whether the second half of a signature is below the order of the group, as RFC 8032 asks. */
export const isCanonicalEdwardsSignature = (signature: Uint8Array): boolean =>
  signature.length === 64 && littleEndian(signature.subarray(32)) < order;

const littleEndian = (bytes: Uint8Array): bigint =>
  BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
