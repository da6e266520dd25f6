"""The key ring: one pseudonym a patient, found again only with the key, and a new key that changes everything."""

import stat

import pytest

from openpractice.kinds import Refused
from openpractice.store.keyring import KeyRing
from openpractice.store.secret import Secret

NUMBERS = ["9990000018", "9990000026", "9990000018"]


@pytest.fixture
def ring(tmp_path):
    return KeyRing.open_or_make(tmp_path / "Y99001")


def test_the_same_number_has_the_same_pseudonym_and_others_have_others(ring):
    first, second, again = ring.pseudonyms(NUMBERS)
    assert first == again != second
    assert KeyRing.open_or_make(ring.folder).pseudonyms(NUMBERS) == [first, second, again]


def test_another_practice_calls_the_same_patient_otherwise(ring, tmp_path):
    other = KeyRing.open_or_make(tmp_path / "Y99002")
    assert not set(ring.pseudonyms(NUMBERS)) & set(other.pseudonyms(NUMBERS))
    assert other.number_of(ring.pseudonyms(NUMBERS)[0]) is None


def test_the_number_is_found_again_and_nothing_else_is(ring):
    (patient,), (clinician,) = ring.pseudonyms(NUMBERS[:1]), ring.clinicians(["Dr Ada Fiction"])
    assert ring.number_of(patient) == NUMBERS[0]
    assert ring.number_of(clinician) is ring.number_of("p" + "a" * 26) is None


def test_a_patient_and_a_clinician_of_one_name_differ(ring):
    assert ring.pseudonyms(["same"])[0][1:] != ring.clinicians(["same"])[0][1:]


def test_no_number_and_no_name_lies_in_the_folder(ring):
    ring.pseudonyms(NUMBERS)
    ring.clinicians(["Dr Ada Fiction"])
    for file in (f for f in ring.folder.rglob("*") if f.is_file()):
        assert not any(word in file.read_bytes() for word in (*(n.encode() for n in NUMBERS), b"Fiction"))


def test_key_and_identifiers_are_for_their_own_account_only(ring):
    ring.pseudonyms(NUMBERS)
    for name in ("key", "identifiers.sqlite"):
        assert stat.S_IMODE((ring.folder / name).stat().st_mode) == 0o600
    assert stat.S_IMODE(ring.folder.stat().st_mode) == 0o700


def test_a_lost_key_is_not_replaced_by_one_that_does_not_fit(ring):
    ring.pseudonyms(NUMBERS)
    (ring.folder / "key").unlink()
    with pytest.raises(Refused, match=r"key of this practice is missing .* backup"):
        KeyRing.open_or_make(ring.folder)


def test_a_damaged_key_is_said_to_be_damaged(ring):
    (ring.folder / "key").write_bytes(b"short")
    with pytest.raises(Refused, match="is damaged"):
        ring.pseudonyms(NUMBERS)


def test_a_seal_that_was_moved_or_altered_does_not_open(ring):
    secret = Secret.read(ring.folder / "key")
    sealed = secret.sealed("pone", NUMBERS[0])
    with pytest.raises(Refused, match="altered"):
        secret.opened("ptwo", sealed)
    with pytest.raises(Refused, match="altered"):
        Secret.new().opened("pone", sealed)


def test_a_new_key_replaces_the_old_and_forgets_what_no_record_uses(ring):
    (before, *_), fingerprint = ring.pseudonyms(NUMBERS), ring.fingerprint
    ring.rotate()
    assert ring.fingerprint != fingerprint
    assert ring.number_of(before) is None
    assert ring.pseudonyms(NUMBERS)[0] != before
    assert not (ring.folder / "key.next").exists()
