"""The glossary: enough words, each with an address, none that points nowhere."""

import re

from openpractice.web.explore.glossary import BY_ID, TERMS, by_letter


def test_there_are_enough_words():
    assert len(TERMS) >= 40


def test_each_word_has_its_own_address():
    assert len(BY_ID) == len(TERMS)
    assert all(re.fullmatch("[a-z][a-z0-9-]*", term.id) for term in TERMS)


def test_a_word_points_only_to_other_words():
    for term in TERMS:
        assert set(term.see) <= set(BY_ID) - {term.id}


def test_meanings_are_short_sentences():
    for term in TERMS:
        assert term.meaning.endswith((".", ")"))
        assert len(term.meaning) < 320, term.id


def test_letters_hold_every_word_once():
    letters = [letter for letter, _ in by_letter()]
    assert letters == sorted(set(letters))
    assert sum(len(terms) for _, terms in by_letter()) == len(TERMS)
