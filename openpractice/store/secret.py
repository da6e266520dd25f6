"""One key of a practice, and what is derived from it: pseudonyms by HMAC, seals by AES-GCM.

The two uses have keys of their own, derived by HKDF (RFC 5869), so that neither weakens the other. A pseudonym cannot
be turned back without the key, and without it nobody can try all NHS numbers until one fits: there are fewer than ten
thousand million, so a hash without a key would hide nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from openpractice.kinds import Refused

LENGTH = 32  # bytes
_NONCE = 12  # bytes, as AES-GCM wants it


class Secret:
    """A key of 32 random bytes. It is compared and printed by its fingerprint only."""

    def __init__(self, key: bytes):
        self._key = key

    @classmethod
    def new(cls) -> Secret:
        return cls(secrets.token_bytes(LENGTH))

    @classmethod
    def read(cls, file: Path) -> Secret:
        """The key in a file. Raises Refused when that is not a key."""
        key = file.read_bytes()
        if len(key) != LENGTH:
            raise Refused(f"The key in {file} is damaged. Restore it from a backup of this practice's folder.")
        return cls(key)

    def write(self, file: Path) -> None:
        """Lay it on the disk, for this account's eyes only. Raises FileExistsError rather than replace another."""
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(self._key)
            out.flush()
            os.fsync(out.fileno())
        settle(file.parent)

    @cached_property
    def fingerprint(self) -> str:
        """Tells keys apart without telling anything of them."""
        return self._derived(b"fingerprint").hex()[:16]

    def pseudonym(self, kind: str, identifier: str) -> str:
        """27 letters and digits, the first one telling the kind: `p` patient, `c` clinician."""
        digest = hmac.new(self._pseudonyms, f"{kind}\0{identifier}".encode(), hashlib.sha256).digest()
        return kind[0] + base64.b32encode(digest[:16]).decode().rstrip("=").lower()

    def for_receiver(self, whose: str) -> Callable[[str], str]:
        """Renames pseudonyms for one receiver, each to 27 letters and digits that begin with `s`, for shared."""
        key = self._derived(b"receiver " + whose.encode())

        def renamed(pseudonym: str) -> str:
            digest = hmac.new(key, pseudonym.encode(), hashlib.sha256).digest()
            return "s" + base64.b32encode(digest[:16]).decode().rstrip("=").lower()

        return renamed

    def sealed(self, pseudonym: str, identifier: str) -> bytes:
        """The identifier, encrypted and bound to its pseudonym."""
        nonce = os.urandom(_NONCE)
        return nonce + self._seals.encrypt(nonce, identifier.encode(), pseudonym.encode())

    def opened(self, pseudonym: str, sealed: bytes) -> str:
        """What was sealed. Raises Refused when it was sealed with another key, for another pseudonym, or altered."""
        try:
            return self._seals.decrypt(sealed[:_NONCE], sealed[_NONCE:], pseudonym.encode()).decode()
        except InvalidTag as wrong:
            raise Refused(
                "The sealed identifier of this record was not made with this practice's key, or was altered. "
                "Restore the practice's folder from a backup."
            ) from wrong

    @cached_property
    def _pseudonyms(self) -> bytes:
        return self._derived(b"pseudonyms")

    @cached_property
    def _seals(self) -> AESGCM:
        return AESGCM(self._derived(b"seals"))

    def _derived(self, use: bytes) -> bytes:
        return HKDF(SHA256(), LENGTH, salt=None, info=b"openpractice " + use).derive(self._key)

    def __repr__(self) -> str:
        return f"Secret({self.fingerprint})"


def settle(folder: Path) -> None:
    """Make sure that what was made, renamed or removed in a folder stays so when the power goes."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
