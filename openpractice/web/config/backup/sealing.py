"""A stream sealed with a passphrase, piece by piece, so that a file of any size needs the memory of two pieces.

The key comes from the passphrase by scrypt (RFC 7914). Each piece is sealed with AES-256-GCM under a number of its own and
a mark on the last one, as in the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár, 2015): pieces that are
changed, exchanged, left out or cut off at the end do not open.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import os
import struct
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from openpractice.kinds import Refused

MAGIC = b"OpenPractice sealed 1\n"
PIECE, TAG = 1024**2, 16
N, R, P = 2**17, 8, 1  # 128 MB and half a second for each guess
_HEAD = struct.Struct(">IBB16s7s32s")  # n, r, p, salt, first part of each nonce, proof of the passphrase
DAMAGED = "is damaged: a part of it is not as it was sealed. Use another backup."


def _keys(passphrase: str, salt: bytes, n: int, r: int, p: int) -> tuple[bytes, bytes]:
    """The key, and what tells a wrong passphrase from a damaged file without telling anything of the key."""
    made = hashlib.scrypt(passphrase.encode(), salt=salt, n=n, r=r, p=p, maxmem=2 * 128 * n * r, dklen=64)
    return made[:32], hashlib.sha256(made[32:]).digest()


class Sealing(io.RawIOBase):
    """A file to write to; `target` gets the sealed pieces. Closing it writes the last one, and leaves `target` open."""

    def __init__(self, target: BinaryIO, passphrase: str):
        self.target, self.count, self.waiting = target, 0, bytearray()
        salt, self.nonce = os.urandom(16), os.urandom(7)
        key, proof = _keys(passphrase, salt, N, R, P)
        self.head = MAGIC + _HEAD.pack(N, R, P, salt, self.nonce, proof)
        self.cipher = AESGCM(key)
        target.write(self.head)

    def writable(self) -> bool:
        return True

    def write(self, some) -> int:
        self.waiting += some
        while len(self.waiting) > PIECE:  # a whole piece that is not known to be the last
            self._seal(bytes(self.waiting[:PIECE]), last=False)
            del self.waiting[:PIECE]
        return len(some)

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self.target.write(self.cipher.encrypt(_nonce(self.nonce, self.count, last), piece, self.head))
        self.count += 1

    def close(self) -> None:
        if not self.closed:
            self._seal(bytes(self.waiting), last=True)
        super().close()


class Opening(io.RawIOBase):
    """A file to read from what `source` has sealed. Raises Refused for a wrong passphrase and for any damage."""

    def __init__(self, source: BinaryIO, passphrase: str):
        self.source, self.count, self.ready, self.over = source, 0, b"", False
        self.head = source.read(len(MAGIC) + _HEAD.size)
        if len(self.head) < len(MAGIC) + _HEAD.size:
            raise Refused(f"The backup {DAMAGED}")
        n, r, p, salt, self.nonce, proof = _HEAD.unpack(self.head[len(MAGIC) :])
        if (n, r, p) != (N, R, P):  # what a stranger wrote there must not cost us their choice of memory
            raise Refused(f"The backup {DAMAGED}")
        key, found = _keys(passphrase, salt, n, r, p)
        if not hmac.compare_digest(found, proof):
            raise Refused("This passphrase does not open the backup. Give the one that it was sealed with.")
        self.cipher, self.next = AESGCM(key), source.read(PIECE + TAG)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        while not self.ready and not self.over:
            self._open()
        some = self.ready[: len(buffer)]
        buffer[: len(some)] = some
        self.ready = self.ready[len(some) :]
        return len(some)

    def _open(self) -> None:
        piece, self.next = self.next, self.source.read(PIECE + TAG)
        self.over = not self.next
        try:
            self.ready = self.cipher.decrypt(_nonce(self.nonce, self.count, self.over), piece, self.head)
        except InvalidTag as damage:
            raise Refused(f"The backup {DAMAGED}") from damage
        self.count += 1


def is_sealed(source: BinaryIO) -> bool:
    """Whether a file that is read from its beginning is sealed; it is at its beginning again afterwards."""
    found = source.read(len(MAGIC)) == MAGIC
    source.seek(0)
    return found


def _nonce(first: bytes, count: int, last: bool) -> bytes:
    return first + struct.pack(">IB", count, last)
