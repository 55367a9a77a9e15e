"""
Writes what RDS has into a folder: a root, which stands in the bundle, a subordinate signed by it, and a server's
certificate signed by that; the server sends both of the latter. And a bundle with a root of somebody else. It runs on the
Python of the AWS emulator, which has this library anyway.
"""

import sys
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

FOLDER = Path(sys.argv[1])
NOW = datetime.now(timezone.utc)


class Signed:
    """A certificate that a signer made, or one that signed itself."""

    def __init__(self, name, signer, *extensions):
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        by = signer or self
        builder = (
            x509.CertificateBuilder(by.name, self.name, self.key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - timedelta(hours=1))
            .not_valid_after(NOW + timedelta(hours=24))
        )
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        made = builder.sign(by.key, hashes.SHA256())
        self.pem = made.public_bytes(serialization.Encoding.PEM).decode()

    def key_pem(self):
        plain = serialization.NoEncryption()
        form = serialization.PrivateFormat.PKCS8
        return self.key.private_bytes(serialization.Encoding.PEM, form, plain).decode()


# The sixth of nine is to sign certificates.
MAY_SIGN = x509.KeyUsage(*(place == 6 for place in range(1, 10)))


def authority(name, signer=None):
    constraints = x509.BasicConstraints(ca=True, path_length=None)
    return Signed(name, signer, (constraints, True), (MAY_SIGN, True))


def server(name, signer):
    names = x509.SubjectAlternativeName([x509.DNSName(name)])
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    return Signed(name, signer, (names, False), (usage, False))


def write(name, text):
    path = FOLDER / name
    path.write_text(text)
    path.chmod(0o644)


root = authority("Amazon RDS test Root CA RSA2048 G1")
stranger = authority("Somebody else's Root CA")
subordinate = authority("Amazon RDS test Subordinate CA RSA2048 G1", root)
write("global-bundle.pem", stranger.pem + root.pem)
write("wrong-bundle.pem", stranger.pem)
for host in ("localhost", "other.example.com"):
    one = server(host, subordinate)
    write(f"{host}.crt", one.pem + subordinate.pem)
    write(f"{host}.key", one.key_pem())
