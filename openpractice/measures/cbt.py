"""What the measures of cloud telephones share: calls that no area smaller than England can be given."""

SHARED_ACCOUNTS = (
    "Calls of telephone accounts that several practices share count for England only, so the other areas do not add up to "
    "England: in February 2026 regions fell 2.05 million of 29.2 million calls short."
)
