"""`openpractice administrator`: the link that lets the first person in."""

import re


def test_the_first_person_gets_a_link_that_the_record_tells_of(small, tmp_path):
    ran = small.finish(
        small.start(tmp_path / "home", "administrator", "sam@example.org", "--address", "https://op.example/")
    )
    assert ran.code == 0, ran.err
    assert re.search(r"^https://op\.example/invitations/[\w-]{40,}/$", ran.out, re.MULTILINE)
    record = small.finish(small.start(tmp_path / "home", "audit", "export", "--organisation", "INSTALLATION", "--json"))
    assert '"invited"' in record.out


def test_what_is_no_address_is_refused(small, tmp_path):
    ran = small.finish(small.start(tmp_path / "home", "administrator", "sam"))
    assert ran.code == 2
    assert "sam is not an email address" in ran.err
