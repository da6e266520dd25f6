"""One entry of the record. The database itself refuses to change or delete one; the chain shows when somebody has."""

from __future__ import annotations

from django.db import models


class Action(models.TextChoices):
    """Everything that is written down."""

    SIGNED_IN = "signed_in", "Signed in"
    SIGNED_OUT = "signed_out", "Signed out"
    SIGN_IN_FAILED = "sign_in_failed", "Failed to sign in"
    PASSWORD_CHANGED = "password_changed", "Changed their password"
    NAME_CHANGED = "name_changed", "Changed their name"
    ADDRESS_PROVEN = "address_proven", "Showed that the email address is theirs"
    SECOND_FACTOR_ADDED = "second_factor_added", "Added a second factor"
    SECOND_FACTOR_REMOVED = "second_factor_removed", "Removed a second factor"
    SWITCHED = "switched", "Began to act for the organisation"
    ORGANISATION_ADDED = "organisation_added", "Added the organisation"
    ORGANISATION_CLOSED = "organisation_closed", "Closed the organisation"
    INVITED = "invited", "Invited somebody"
    INVITATION_WITHDRAWN = "invitation_withdrawn", "Withdrew an invitation"
    JOINED = "joined", "Joined"
    ROLE_CHANGED = "role_changed", "Changed a role"
    LEFT = "left", "Left"
    REMOVED = "removed", "Ended somebody's membership"
    HANDED_OVER = "handed_over", "Handed over"
    SECOND_FACTOR_RULE = "second_factor_rule", "Changed who needs a second factor"
    AGREEMENT_PROPOSED = "agreement_proposed", "Proposed an agreement"
    AGREEMENT_SIGNED = "agreement_signed", "Signed an agreement"
    AGREEMENT_WITHDRAWN = "agreement_withdrawn", "Withdrew from an agreement"
    EMERGENCY_OPENED = "emergency_opened", "Opened figures in an emergency"
    EMERGENCY_ENDED = "emergency_ended", "Ended the opening of figures in an emergency"
    EMERGENCY_REVIEWED = "emergency_reviewed", "Reviewed an opening of figures in an emergency"
    SHARED_READ = "shared_read", "Read shared figures"
    SHARED_EXPORTED = "shared_exported", "Exported shared figures"
    SHARED_RECORDS = "shared_records", "Exported shared records"
    SHARED_WATCHED = "shared_watched", "Kept shared figures open"
    SHARED_CLOSED = "shared_closed", "Had shared figures closed while they were open"
    SHARED_REFUSED = "shared_refused", "Was refused data that are not shared"
    REIDENTIFIED = "reidentified", "Found out whose record it is"
    NOT_REIDENTIFIED = "not_reidentified", "Looked for a patient by a pseudonym that is not known"
    KEY_ROTATION_BEGUN = "key_rotation_begun", "Began to change the key of the pseudonyms"
    KEY_ROTATED = "key_rotated", "Changed the key of the pseudonyms"
    KEEPING_CHANGED = "keeping_changed", "Changed how long own data are kept"
    KEPT_LONG_ENOUGH_BEGUN = "kept_long_enough_begun", "Began to delete own data that were kept long enough"
    KEPT_LONG_ENOUGH = "kept_long_enough", "Deleted own data that were kept long enough"
    OWN_DATA_DELETION_BEGUN = "own_data_deletion_begun", "Began to delete all own data"
    OWN_DATA_DELETED = "own_data_deleted", "Deleted all own data"
    UPLOAD_ARRIVED = "upload_arrived", "Uploaded a file"
    UPLOAD_LOADED = "upload_loaded", "Loaded an uploaded file"
    UPLOAD_REFUSED = "upload_refused", "Refused an uploaded file"
    UPLOAD_FAILED = "upload_failed", "Could not read an uploaded file"
    UPLOAD_CANCELLED = "upload_cancelled", "Cancelled an upload"
    UPLOAD_AGAIN = "upload_again", "Had an uploaded file read again"
    PERSON_DEACTIVATED = "person_deactivated", "Deactivated a person"
    PERSON_ACTIVATED = "person_activated", "Let a person sign in again"
    SECOND_FACTORS_TAKEN = "second_factors_taken", "Took away somebody's second factors"
    RECORD_READ = "record_read", "Read the record"
    RECORD_EXPORTED = "record_exported", "Exported the record"
    BACKED_UP = "backed_up", "Made a backup"
    RESTORED = "restored", "Restored a backup"
    TOKEN_MADE = "token_made", "Made a token for a program"
    TOKEN_ENDED = "token_ended", "Ended a token"
    TOKEN_USED = "token_used", "Acted through a program, for the first time that day"
    TOKEN_REFUSED = "token_refused", "Was refused with a token"


class Entry(models.Model):
    """Who did what, acting for whom, about whose data. `number` has no gaps; `hash` covers the fields and `previous`."""

    number = models.BigIntegerField(primary_key=True)
    at = models.CharField(max_length=32)  # ISO 8601 in UTC, as text: what is hashed is what is stored
    person = models.BigIntegerField(null=True)  # a number and not a key: an entry outlives everything it speaks of
    who = models.CharField(max_length=200)
    acting_for = models.CharField(max_length=40, db_index=True)
    about = models.CharField(max_length=40, db_index=True)
    action = models.CharField(max_length=40)  # one of Action; said without choices, which would migrate at each new one
    detail = models.TextField()  # JSON, keys sorted
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    PERSONAL = {
        "person": "pseudonym",
        "who": "identifies",
        "detail": "about the person",
        "at": "about the person",
        "acting_for": "about the person",
        "about": "none",
        "action": "about the person",
        **dict.fromkeys(("number", "previous", "hash"), "none"),
    }

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"{self.number}: {self.who} {self.action}"
