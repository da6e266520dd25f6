"""Names of organisations as people write them."""

import pytest

from openpractice.store.names import display_name


@pytest.mark.parametrize(
    ("published", "shown"),
    [
        ("THE DENSHAM SURGERY", "The Densham Surgery"),
        ("QUEENS PARK HEALTH CENTRE", "Queens Park Health Centre"),
        ("STOCKTON PCN", "Stockton PCN"),
        ("KINGSTON UPON HULL CITY OF HEALTH", "Kingston upon Hull City of Health"),
        ("ON THE HILL SURGERY", "On the Hill Surgery"),
        ("DR PATEL & PTNRS", "Dr Patel & Partners"),
        ("DRS O'BRIEN AND MCKAY", "Drs O'Brien and McKay"),
        ("ST JOHN'S MED CTR", "St John's Med Centre"),
        ("BISHOP'S STORTFORD", "Bishop's Stortford"),
        ("BARROW-IN-FURNESS", "Barrow-in-Furness"),
        ("WEST LEICESTERSHIRE (NORTH) PCN", "West Leicestershire (North) PCN"),
        ("SE LEEDS & N YORK GP GROUP", "SE Leeds & N York GP Group"),
        ("IC24 MARGATE", "IC24 Margate"),
        ("NHS FICTION INTEGRATED CARE BOARD", "NHS Fiction ICB"),
        ("NHS Fiction Integrated Care Board - 99X", "NHS Fiction ICB - 99X"),
        ("  THE   WIDE    GAP  ", "The Wide Gap"),
        ("Already As Its owner Wrote It", "Already As Its owner Wrote It"),
        ("Y99001", "Y99001"),
        ("", ""),
    ],
)
def test_a_shouted_name_is_said_quietly(published, shown):
    assert display_name(published) == shown


@pytest.mark.parametrize(
    ("published", "shown"),
    [
        ("DR JL HENDERSON & PARTNERS", "Dr JL Henderson & Partners"),
        ("DR MLR SIDDIQUI'S PRACTICE", "Dr MLR Siddiqui's Practice"),
        ("SWB NEWCOMEN PCN", "SWB Newcomen PCN"),
        ("CREWE - GHR PCN", "Crewe - GHR PCN"),
        ("MODALITY LEWISHAM (ML)", "Modality Lewisham (ML)"),
    ],
)
def test_letters_that_make_no_word_are_initials(published, shown):
    assert display_name(published) == shown


@pytest.mark.parametrize(
    ("published", "shown"),
    [
        ("OXFORD RD SURGERY LTD", "Oxford Rd Surgery Ltd"),
        ("HARLEY GROVE MEDICAL CTR.", "Harley Grove Medical Ctr."),
        ("DR. NG AND MRS MT SMITH", "Dr. Ng and Mrs Mt Smith"),
        ("ATTWOOD GREEN HLTH GRP", "Attwood Green Hlth Grp"),
    ],
)
def test_shortened_words_are_words(published, shown):
    assert display_name(published) == shown


@pytest.mark.parametrize(
    "name", ["THE DENSHAM SURGERY", "DR JL HENDERSON & PTNRS", "NHS FICTION INTEGRATED CARE BOARD"]
)
def test_what_is_shown_is_shown_again_as_it_is(name):
    assert display_name(display_name(name)) == display_name(name)
