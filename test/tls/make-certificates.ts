import "reflect-metadata";
import { webcrypto } from "node:crypto";
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import * as x509 from "@peculiar/x509";

const RSA = {
  name: "RSASSA-PKCS1-v1_5",
  hash: "SHA-256",
  publicExponent: new Uint8Array([1, 0, 1]),
  modulusLength: 2048,
};
const HOUR_MS = 3_600_000;

interface Signer {
  readonly subject: string;
  readonly privateKey: webcrypto.CryptoKey;
}

/** A certificate that a signer made, or one that signed itself. */
async function certificate(subject: string, signer: Signer | undefined, extensions: x509.Extension[]) {
  const keys = await webcrypto.subtle.generateKey(RSA, true, ["sign", "verify"]);
  const made = await x509.X509CertificateGenerator.create({
    subject,
    issuer: signer?.subject ?? subject,
    notBefore: new Date(Date.now() - HOUR_MS),
    notAfter: new Date(Date.now() + 24 * HOUR_MS),
    publicKey: keys.publicKey as CryptoKey,
    signingKey: (signer?.privateKey ?? keys.privateKey) as CryptoKey,
    signingAlgorithm: RSA,
    extensions,
  });
  return { subject, privateKey: keys.privateKey, pem: made.toString("pem") };
}

const authority = () => [
  new x509.BasicConstraintsExtension(true, undefined, true),
  new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
];

/**
 * Writes what RDS has: a root, which stands in the bundle, a subordinate signed by it, and a server's certificate
 * signed by that; the server sends both of the latter. And a bundle with a root of somebody else.
 */
async function make(folder: string): Promise<void> {
  const write = (name: string, text: string) => writeFileSync(resolve(folder, name), text, { mode: 0o644 });
  const root = await certificate("CN=Amazon RDS test Root CA RSA2048 G1", undefined, authority());
  const stranger = await certificate("CN=Somebody else's Root CA", undefined, authority());
  const subordinate = await certificate("CN=Amazon RDS test Subordinate CA RSA2048 G1", root, authority());
  write("global-bundle.pem", `${stranger.pem}\n${root.pem}\n`);
  write("wrong-bundle.pem", `${stranger.pem}\n`);
  for (const name of ["localhost", "other.example.com"]) {
    const server = await certificate(`CN=${name}`, subordinate, [
      new x509.SubjectAlternativeNameExtension([{ type: "dns", value: name }]),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
    ]);
    const key = await webcrypto.subtle.exportKey("pkcs8", server.privateKey);
    write(`${name}.crt`, `${server.pem}\n${subordinate.pem}\n`);
    write(`${name}.key`, x509.PemConverter.encode(key, "PRIVATE KEY"));
  }
}

x509.cryptoProvider.set(webcrypto as Crypto);
make(process.argv[2] ?? ".").catch((thrown) => {
  console.error(thrown);
  process.exit(1);
});
