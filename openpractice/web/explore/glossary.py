"""The words of general practice data in plain English. A page links to `/glossary/#<id>`."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple


class Term(NamedTuple):
    id: str
    name: str
    stands_for: str  # empty when the name is not an abbreviation
    meaning: str
    see: tuple[str, ...] = ()  # ids of other terms


TERMS = (
    Term(
        "abandoned-call",
        "Abandoned call",
        "",
        "A call that ended before a person answered it, while the caller waited in the queue. Many are answered when "
        "the patient rings again, so one patient can stand behind several.",
        ("cbt", "queue", "missed-call"),
    ),
    Term(
        "about",
        "About",
        "",
        "A number written with “about” has been rounded to what the data can bear. The table below holds the exact one.",
    ),
    Term(
        "annotation",
        "Annotation",
        "",
        "A note on a chart at the date when something changed, such as a new phone system. It explains, and it never "
        "alters a figure.",
        ("spc",),
    ),
    Term(
        "appointment-status",
        "Appointment status",
        "",
        "What became of an appointment: attended, did not attend or unknown. Cancelled appointments are not published.",
        ("dna", "unknown"),
    ),
    Term(
        "assurance",
        "Assurance",
        "",
        "Whether the process, left as it is, will meet a target every time, never, or sometimes by chance. It comes "
        "from where the target lies against the limits, not from the latest month.",
        ("control-limits", "target", "variation"),
    ),
    Term(
        "baseline",
        "Baseline",
        "",
        "The period from which a chart’s centre line and limits are worked out, so that later months are judged against "
        "what came before a change and not against themselves.",
        ("centre-line", "control-limits"),
    ),
    Term(
        "care-navigation",
        "Care navigation",
        "",
        "Asking what a patient needs at first contact and guiding them to the right person or service: a GP, a "
        "pharmacist, a physiotherapist or self care.",
        ("triage",),
    ),
    Term(
        "care-related-encounter",
        "Care related encounter",
        "",
        "An appointment about a patient’s care, as NHS England groups the national slot categories. Administration and "
        "meetings are not; they lie outside most measures here.",
        ("slot-category", "unmapped"),
    ),
    Term(
        "case-mix",
        "Case mix",
        "",
        "How the patients of one practice differ from those of another in age, illness and hardship. Comparing like "
        "with like is how we allow for it.",
        ("similar-practices", "standardisation"),
    ),
    Term(
        "cbt",
        "CBT",
        "Cloud-based telephony",
        "A phone system that runs in the supplier’s data centre and counts every call, wait and hang-up. NHS England "
        "publishes monthly figures from these systems. (In clinical talk CBT is also a talking therapy.)",
        ("abandoned-call", "call-back", "ivr"),
    ),
    Term(
        "call-back",
        "Call back",
        "",
        "An offer to ring the patient back when they reach the front of the queue, so that they need not hold.",
        ("queue",),
    ),
    Term(
        "centre-line",
        "Centre line",
        "",
        "The middle of a control chart: the average of the baseline. About half of all months should lie on either side.",
        ("baseline", "spc"),
    ),
    Term(
        "common-cause",
        "Common cause variation",
        "",
        "The ups and downs any steady process has. Nothing in particular made last month higher, so asking staff to "
        "explain it wastes their time. Only changing the process changes the level.",
        ("special-cause", "spc"),
    ),
    Term(
        "confidence-grade",
        "Confidence: High, Medium, Low",
        "",
        "How far a figure can bear a decision. It falls when few practices or days are covered, many values are "
        "unknown, numbers are small or the recording has changed. The reasons stand beside the grade.",
        ("coverage", "unknown"),
    ),
    Term(
        "confidence-interval",
        "Confidence interval",
        "",
        "The range of true rates that fit with the figure seen, given how few or many people it counts. A 95% interval "
        "misses the truth about once in twenty times.",
        ("small-numbers",),
    ),
    Term(
        "continuity",
        "Continuity of care",
        "",
        "Seeing the same clinician again. It is linked with fewer admissions and better satisfaction, most of all for "
        "people with long-term conditions.",
        ("upc", "named-gp"),
    ),
    Term(
        "control-limits",
        "Control limits",
        "",
        "The lines above and below the centre line between which nearly all months of a steady process lie. They come "
        "from the data’s own month-to-month movement. They are not targets.",
        ("centre-line", "spc", "target"),
    ),
    Term(
        "core-hours",
        "Core hours",
        "",
        "8am to 6.30pm, Monday to Friday, except Good Friday, Christmas Day and bank holidays: the hours for which a "
        "practice’s contract requires essential services.",
        ("enhanced-access", "gms"),
    ),
    Term(
        "coverage",
        "Coverage",
        "",
        "The share of practices, patients or days that a figure includes. When coverage grows, totals grow too, and "
        "that looks like demand. So coverage is shown beside each total.",
        ("unknown",),
    ),
    Term(
        "cqc",
        "CQC",
        "Care Quality Commission",
        "The regulator that inspects health and care services in England and rates them Outstanding, Good, Requires "
        "improvement or Inadequate.",
    ),
    Term(
        "crude-rate",
        "Crude rate",
        "",
        "A count divided by the people it came from, with no allowance for their age or health.",
        ("per-1000", "standardisation"),
    ),
    Term(
        "decile",
        "Decile",
        "",
        "A tenth. Line up every practice by a figure and cut the line into ten equal groups: decile 1 is the lowest "
        "tenth. A ribbon chart draws the cuts month by month.",
        ("median", "percentile"),
    ),
    Term(
        "denominator",
        "Denominator",
        "",
        "The number below the line: all those who could have been counted, such as registered patients or booked "
        "appointments. Change it, and the same work gives another percentage.",
        ("numerator",),
    ),
    Term(
        "dna",
        "DNA",
        "Did not attend",
        "An appointment the patient did not come to and had not cancelled in time. The share depends on whether unknown "
        "statuses count below the line, so each page says which way it was worked out.",
        ("appointment-status", "unknown"),
    ),
    Term(
        "drcp",
        "Direct patient care",
        "",
        "Workforce data’s name for staff who see patients and are neither GPs nor nurses: pharmacists, paramedics, "
        "healthcare assistants, physiotherapists and others.",
        ("arrs", "fte"),
    ),
    Term(
        "arrs",
        "ARRS",
        "Additional Roles Reimbursement Scheme",
        "Money for PCNs to employ roles such as clinical pharmacists, social prescribing link workers and newly "
        "qualified GPs. These staff are often counted at the network and not at the practice.",
        ("pcn",),
    ),
    Term(
        "enhanced-access",
        "Enhanced access",
        "",
        "Appointments that a PCN offers on weekday evenings and Saturdays. They may be held at one practice for "
        "patients of all, and so appear in that practice’s count.",
        ("core-hours", "pcn"),
    ),
    Term(
        "fte",
        "FTE",
        "Full-time equivalent",
        "Staff counted by hours: 1.0 is 37.5 hours a week in the national workforce data. Two people who each work half "
        "of that are 1.0 FTE and a headcount of 2.",
        ("headcount",),
    ),
    Term(
        "funnel",
        "Funnel plot",
        "",
        "Practices drawn by size and rate, with limits that narrow as size grows. Small practices swing more by chance, "
        "so only those outside the funnel differ by more than chance would explain.",
        ("small-numbers", "overdispersion"),
    ),
    Term(
        "gms",
        "GMS, PMS, APMS",
        "General, Personal and Alternative Provider Medical Services",
        "The three kinds of contract under which a practice provides NHS care. GMS is agreed nationally, PMS locally, "
        "and APMS may be held by other kinds of organisation.",
        ("core-hours",),
    ),
    Term(
        "gpad",
        "GPAD",
        "General Practice Appointments Data",
        "NHS England’s monthly publication of appointments taken from practices’ appointment books. It counts what was "
        "booked in the book, and so says nothing of demand that never got in.",
        ("appointment-status", "care-related-encounter", "slot-category"),
    ),
    Term(
        "gpps",
        "GPPS",
        "GP Patient Survey",
        "A yearly survey of people registered with a practice about access, care and overall experience. Few answer in "
        "each practice, so its intervals are wide.",
        ("confidence-interval",),
    ),
    Term(
        "headcount",
        "Headcount",
        "",
        "Staff counted as people, however many hours they work.",
        ("fte",),
    ),
    Term(
        "icb",
        "ICB",
        "Integrated Care Board",
        "The NHS body that plans and pays for most care in one part of England. Each holds one or more sub-ICB locations.",
        ("sub-icb", "ics"),
    ),
    Term(
        "ics",
        "ICS",
        "Integrated Care System",
        "The partnership of an ICB with councils, providers and others in the same area.",
        ("icb",),
    ),
    Term(
        "imd",
        "IMD",
        "Index of Multiple Deprivation",
        "The official measure of hardship of small areas in England, from income, work, education, health, crime, "
        "housing and surroundings. A practice’s value averages over where its patients live.",
        ("case-mix", "lsoa"),
    ),
    Term(
        "ivr",
        "IVR",
        "Interactive voice response",
        "The recorded menu a caller hears: “press 1 for appointments”. Some calls end there, answered by the message.",
        ("cbt", "missed-call"),
    ),
    Term(
        "list-size",
        "List size",
        "",
        "The number of patients registered with a practice on a given day, usually the first of a month.",
        ("weighted-list", "per-1000"),
    ),
    Term(
        "lsoa",
        "LSOA",
        "Lower layer Super Output Area",
        "A small area of about 1,500 people, for which census and deprivation figures are published.",
        ("imd",),
    ),
    Term(
        "making-data-count",
        "Making Data Count",
        "",
        "NHS England’s way of drawing control charts with icons for variation and assurance. We follow its colours: "
        "blue for better, orange for worse, and always a word beside them.",
        ("assurance", "spc", "variation"),
    ),
    Term(
        "median",
        "Median",
        "",
        "The middle value: half lie above it and half below. One extreme practice cannot move it as it moves an average.",
        ("decile",),
    ),
    Term(
        "missed-call",
        "Missed call",
        "",
        "A call that reached the practice and ended unanswered. Suppliers draw the line to “abandoned” or “ended in the "
        "menu” in different places: see the definition of the measure.",
        ("abandoned-call", "ivr"),
    ),
    Term(
        "mode",
        "Mode",
        "",
        "How an appointment takes place: face to face, telephone, video or online, or home visit.",
        ("gpad",),
    ),
    Term(
        "named-gp",
        "Named accountable GP",
        "",
        "The GP a practice has assigned to a patient. The patient need not see that one.",
        ("continuity",),
    ),
    Term(
        "numerator",
        "Numerator",
        "",
        "The number above the line: those counted, such as missed appointments.",
        ("denominator",),
    ),
    Term(
        "ods",
        "ODS",
        "Organisation Data Service",
        "The NHS register of organisations. Each practice has an ODS code, a letter and five digits such as B87020.",
    ),
    Term(
        "online-consultation",
        "Online consultation",
        "",
        "A request that a patient sends through a website or app, clinical or administrative. It may be closed by a "
        "message or lead to an appointment, and then it is in two counts.",
        ("triage",),
    ),
    Term(
        "overdispersion",
        "Overdispersion",
        "",
        "When practices differ by more than chance, because the world differs. Limits are then widened, or a funnel "
        "would call nearly everyone unusual.",
        ("funnel",),
    ),
    Term(
        "pcn",
        "PCN",
        "Primary Care Network",
        "A group of neighbouring practices, typically with 30,000 to 50,000 patients, that share staff and services.",
        ("arrs", "sub-icb"),
    ),
    Term(
        "pdsa",
        "PDSA",
        "Plan, Do, Study, Act",
        "A small test of a change: say what you expect, try it, compare, decide. Adopt, adapt or abandon.",
        ("baseline",),
    ),
    Term(
        "per-1000",
        "Per 1,000 patients",
        "",
        "A count divided by registered patients and multiplied by 1,000, so that practices of different size can stand "
        "side by side.",
        ("crude-rate", "list-size"),
    ),
    Term(
        "percentile",
        "Percentile",
        "",
        "Place in a line of a hundred: at the 90th percentile a value is higher than 90 in 100 others. It says where a "
        "practice stands, not whether that is good.",
        ("decile",),
    ),
    Term(
        "provisional",
        "Provisional",
        "",
        "Published and still open to change. When a later file restates a month, the later figure replaces it here.",
    ),
    Term(
        "qof",
        "QOF",
        "Quality and Outcomes Framework",
        "The yearly voluntary scheme that rewards practices for recorded care of long-term conditions. Its registers "
        "give how common each condition is among patients.",
        ("case-mix",),
    ),
    Term(
        "queue",
        "Queue time",
        "",
        "How long a caller waited after the menu until someone answered or the caller hung up. An average hides the "
        "long waits, so bands are shown where they are published.",
        ("abandoned-call", "call-back"),
    ),
    Term(
        "same-day",
        "Same day",
        "",
        "An appointment booked and held on one date. A low share can mean slow access or planned care that patients "
        "chose, so it needs its neighbours to be read.",
        ("time-between",),
    ),
    Term(
        "similar-practices",
        "Similar practices",
        "",
        "The practices most alike in list size, age, deprivation, rurality and other features that a practice cannot "
        "change. The likeness and its reasons can be seen on the comparison page.",
        ("case-mix",),
    ),
    Term(
        "slot-category",
        "National slot category",
        "",
        "NHS England’s list of kinds of appointment. Each practice maps its own slot names to it, and the mapping "
        "decides what is counted as what.",
        ("care-related-encounter", "unmapped"),
    ),
    Term(
        "small-numbers",
        "Small numbers",
        "",
        "Rates from a few people jump by chance. We widen the limits, lower the confidence and keep back counts that "
        "could point at a person.",
        ("confidence-interval", "suppressed"),
    ),
    Term(
        "spc",
        "SPC",
        "Statistical process control",
        "A way to tell a real change from everyday ups and downs: a line over time with a centre line, limits and a few "
        "rules.",
        ("common-cause", "control-limits", "special-cause"),
    ),
    Term(
        "special-cause",
        "Special cause variation",
        "",
        "A pattern that a steady process would seldom make: a point outside the limits, a run on one side, a steady "
        "climb, or two of three points near a limit. Look for what changed.",
        ("common-cause", "spc"),
    ),
    Term(
        "standardisation",
        "Standardisation",
        "",
        "Working out what a rate would be if every practice had patients of the same ages and sexes.",
        ("case-mix", "crude-rate"),
    ),
    Term(
        "sub-icb",
        "Sub-ICB location",
        "",
        "A part of an ICB, in most places the area of a former clinical commissioning group. Much data is published at "
        "this level.",
        ("icb",),
    ),
    Term(
        "suppressed",
        "Suppressed",
        "",
        "Kept back because so small a number could point at a person. It is shown as suppressed and never as zero.",
        ("small-numbers",),
    ),
    Term(
        "target",
        "Target",
        "",
        "A level somebody has chosen. It is drawn apart from the limits, which come from the data.",
        ("assurance", "control-limits"),
    ),
    Term(
        "time-between",
        "Time from booking to appointment",
        "",
        "Days from the day an appointment was booked to the day it was held. It includes patients who chose a later "
        "date, so it is not the same as waiting.",
        ("same-day",),
    ),
    Term(
        "triage",
        "Triage",
        "",
        "Sorting requests by need before booking. Under total triage every request, by phone or online, is looked at "
        "first.",
        ("care-navigation", "online-consultation"),
    ),
    Term(
        "unknown",
        "Unknown",
        "",
        "A value the source did not hold. We show it and say whether it counts below the line; dropping it in silence "
        "would change the rate.",
        ("dna", "denominator"),
    ),
    Term(
        "unmapped",
        "Unmapped",
        "",
        "An appointment whose slot type the practice has not linked to a national category. Many unmapped slots make "
        "every category too small.",
        ("slot-category",),
    ),
    Term(
        "upc",
        "UPC",
        "Usual provider of care index",
        "The share of a patient’s appointments with the clinician they saw most: 1 is always the same, 0.5 is half.",
        ("continuity",),
    ),
    Term(
        "variation",
        "Variation",
        "",
        "Movement from month to month. The first icon beside a measure says whether it is everyday (common cause) or a "
        "real change (special cause), and in which direction.",
        ("assurance", "common-cause", "special-cause"),
    ),
    Term(
        "weighted-list",
        "Weighted list",
        "",
        "List size adjusted for expected workload by the Carr-Hill formula (age, sex, additional needs, turnover, rurality "
        "and staff costs). It decides much of a practice’s pay.",
        ("list-size",),
    ),
    Term(
        "working-day",
        "Working day",
        "",
        "Monday to Friday, without England’s bank holidays. A month with fewer working days has fewer appointments, so "
        "comparisons over time are made per working day.",
        ("core-hours",),
    ),
)
BY_ID = {term.id: term for term in TERMS}


def by_letter() -> Sequence[tuple[str, list[Term]]]:
    """The terms in order of the alphabet, under their first letter."""
    ordered = sorted(TERMS, key=lambda term: term.name.lower())
    return [(letter, list(terms)) for letter, terms in groupby(ordered, key=lambda term: term.name[0].upper())]
