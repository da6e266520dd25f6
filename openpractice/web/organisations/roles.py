"""What a role is, in plain English, and what it may do. Permissions are in code: a role means the same everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an organisation is. The first five are levels of the Area tree; the others work beside it."""

    PRACTICE = "practice"
    NETWORK = "pcn"
    FEDERATION = "federation"
    ICB = "icb"
    NATION = "nation"
    ACUTE = "acute"
    PHARMACY = "pharmacy"
    NHS_111 = "nhs111"
    MENTAL_HEALTH = "mental_health"
    SOCIAL_CARE = "social_care"
    PATIENT_GROUP = "patient_group"
    INSTALLATION = "installation"

    @property
    def label(self) -> str:
        return _KINDS[self]


_KINDS = {
    Kind.PRACTICE: "General practice",
    Kind.NETWORK: "Primary care network",
    Kind.FEDERATION: "Federation of practices",
    Kind.ICB: "Integrated care board",
    Kind.NATION: "National body",
    Kind.ACUTE: "Hospital trust",
    Kind.PHARMACY: "Community pharmacy",
    Kind.NHS_111: "NHS 111 and out of hours",
    Kind.MENTAL_HEALTH: "Mental health trust",
    Kind.SOCIAL_CARE: "Social care",
    Kind.PATIENT_GROUP: "Patient group",
    Kind.INSTALLATION: "Those who run this installation",
}
PARTNERS = (Kind.ACUTE, Kind.PHARMACY, Kind.NHS_111, Kind.MENTAL_HEALTH, Kind.SOCIAL_CARE)
NETWORKS = (Kind.NETWORK, Kind.FEDERATION)


class Permission(StrEnum):
    """One thing that somebody may do in the organisation that they act for."""

    SEE_PEOPLE = "see_people"
    MANAGE_PEOPLE = "manage_people"
    SEE_AGREEMENTS = "see_agreements"
    SIGN_AGREEMENTS = "sign_agreements"
    READ_RECORD = "read_record"
    READ_SUMMARY = "read_summary"
    SEE_OWN = "see_own"
    UPLOAD = "upload"
    UPLOAD_PUBLISHED = "upload_published"
    MANAGE_OWN = "manage_own"
    REIDENTIFY = "reidentify"
    SEE_SHARED = "see_shared"
    OPEN_IN_EMERGENCY = "open_in_emergency"
    REVIEW_EMERGENCIES = "review_emergencies"
    MANAGE_TOKENS = "manage_tokens"
    MANAGE_ORGANISATIONS = "manage_organisations"

    @property
    def meaning(self) -> str:
        return _MEANINGS[self]


_MEANINGS = {
    Permission.SEE_PEOPLE: "See who else acts for the organisation, and in which role",
    Permission.MANAGE_PEOPLE: "Invite people, change their role, end their membership",
    Permission.SEE_AGREEMENTS: "See which agreements the organisation has, and why somebody may or may not see its data",
    Permission.SIGN_AGREEMENTS: "Propose data sharing agreements, sign them for the organisation, and withdraw",
    Permission.READ_RECORD: "Read, filter and export the record of everything that touched the organisation's data",
    Permission.READ_SUMMARY: "Read a summary of who used the organisation's data, without names of people",
    Permission.SEE_OWN: "See the organisation's own figures, and what is loaded of its own",
    Permission.UPLOAD: "Upload the organisation's own files, follow how they are read, and stop it",
    Permission.UPLOAD_PUBLISHED: "Upload files that the NHS publishes, for everybody who uses this installation",
    Permission.MANAGE_OWN: "Decide how long own data are kept, change the key of its pseudonyms, and delete it all on leaving",
    Permission.REIDENTIFY: "Find out which of the practice's patients a record is about, for direct care",
    Permission.SEE_SHARED: "See what other organisations agreed to share",
    Permission.OPEN_IN_EMERGENCY: "Open another organisation's figures in an emergency, for a short time and with a reason",
    Permission.REVIEW_EMERGENCIES: "Review each time that somebody opened the organisation's figures in an emergency",
    Permission.MANAGE_TOKENS: "Make and end tokens, with which programs act for the organisation",
    Permission.MANAGE_ORGANISATIONS: "Add and close organisations, and appoint their first administrator",
}


@dataclass(frozen=True)
class Role:
    """A part that somebody plays in an organisation of certain kinds."""

    name: str
    title: str
    meaning: str
    kinds: tuple[Kind, ...]
    permissions: frozenset[Permission]
    second_factor: bool = False  # whether a second factor is asked for unless the organisation says otherwise

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions


def _role(name, title, meaning, kinds, *permissions, second_factor=False) -> Role:
    return Role(name, title, meaning, tuple(kinds), frozenset(permissions), second_factor)


_P = Permission
_WORKS = (_P.SEE_PEOPLE, _P.SEE_AGREEMENTS, _P.READ_SUMMARY)  # what everybody has who works there
_ANSWERS = (  # and who answers for its data
    *_WORKS, _P.MANAGE_PEOPLE, _P.SIGN_AGREEMENTS, _P.READ_RECORD, _P.REVIEW_EMERGENCIES, _P.MANAGE_TOKENS, _P.SEE_SHARED,
)  # fmt: skip
_ALL = [
    _role(
        "practice_administrator", "Practice administrator",
        "Answers for the practice's data here: decides who acts for it and reads the record of what was done.",
        [Kind.PRACTICE], *_ANSWERS, _P.SEE_OWN, _P.UPLOAD, _P.MANAGE_OWN, second_factor=True,
    ),
    _role(
        "clinician", "Clinician",
        "Sees patients: a GP, nurse, pharmacist or other clinical colleague.",
        [Kind.PRACTICE, *NETWORKS], *_WORKS, _P.SEE_OWN, _P.REIDENTIFY, _P.SEE_SHARED, _P.OPEN_IN_EMERGENCY,
    ),
    _role(
        "reception", "Reception or care navigator",
        "Takes requests and helps patients to the right place.",
        [Kind.PRACTICE, *NETWORKS], *_WORKS, _P.SEE_OWN,
    ),
    _role(
        "improvement_lead", "Improvement lead",
        "Leads changes and their measurement.",
        [Kind.PRACTICE, *NETWORKS], *_WORKS, _P.SEE_OWN, _P.UPLOAD, _P.SEE_SHARED,
    ),
    _role(
        "network_analyst", "Network analyst",
        "Loads data, compares and reports for a network or federation.",
        NETWORKS, *_WORKS, _P.SEE_SHARED, _P.UPLOAD_PUBLISHED, _P.MANAGE_TOKENS,
    ),
    _role(
        "network_manager", "Network manager",
        "Runs a network or federation: decides who acts for it.",
        NETWORKS, *_ANSWERS, _P.UPLOAD_PUBLISHED, second_factor=True,
    ),
    _role(
        "partner", "Partner organisation's leader",
        "Acts for a hospital, pharmacy, NHS 111, mental health or social care organisation.",
        PARTNERS, *_ANSWERS, _P.OPEN_IN_EMERGENCY, second_factor=True,
    ),
    _role(
        "commissioner", "Commissioner",
        "Sees what practices agreed to share with their integrated care board, and nothing else.",
        [Kind.ICB, Kind.NATION], *_ANSWERS, second_factor=True,
    ),
    _role(
        "patient_representative", "Patient representative",
        "Reads who used a practice's data and why, without names of people.",
        [Kind.PRACTICE, Kind.PATIENT_GROUP], _P.SEE_AGREEMENTS, _P.READ_SUMMARY,
    ),
    _role(
        "system_administrator", "System administrator",
        "Runs this installation: adds organisations and appoints their first administrator. Sees no practice's own data.",
        [Kind.INSTALLATION], _P.SEE_PEOPLE, _P.MANAGE_PEOPLE, _P.READ_RECORD, _P.MANAGE_ORGANISATIONS,
        _P.UPLOAD_PUBLISHED, _P.MANAGE_TOKENS, second_factor=True,
    ),
]  # fmt: skip
ROLES = {role.name: role for role in _ALL}


def offered(kind: str) -> list[Role]:
    """The roles that an organisation of this kind can give."""
    return [role for role in _ALL if kind in role.kinds]
