"""What may be exported: for each purpose the consent that covers it, and nothing that this consent does not speak of.

Another purpose is one more definition here, one more choice of `Export.Purpose`, and, where its consent is a new one, words in
petitions/consent.py. There is none for answering courts or for checking who signed: nobody agreed to that.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.privacy.safety import Policy
from petitions.models import Export

ADDRESS, NAME, COMMENT, LANGUAGE = "email", "name", "comment", "language"


@dataclass(frozen=True)
class Definition:
    """`consent`: the column of the time at which somebody agreed. `fields`: columns of the signature, in the order of the file; the
    first one tells people apart."""

    consent: str
    fields: tuple[str, ...]

    @property
    def holds_addresses(self) -> bool:
        """Then a second person must agree, before anything is written."""
        return ADDRESS in self.fields

    def fits(self, policy: Policy) -> bool:
        """Whether this safety level lets it be exported. Names that a level asks nobody to show are not handed over either, whatever
        somebody agreed to under a lower one."""
        return policy.exports and (policy.shows_voices or not {NAME, COMMENT} & set(self.fields))


DEFINITIONS = {
    Export.Purpose.NEWS: Definition("updates_at", (ADDRESS, LANGUAGE)),
    Export.Purpose.OTHERS: Definition("others_at", (ADDRESS, LANGUAGE)),
    Export.Purpose.NAMES: Definition("show_name_at", (NAME, COMMENT)),
}


def definition(export: Export) -> Definition:
    return DEFINITIONS[Export.Purpose(export.purpose)]


def fits(export: Export) -> bool:
    """Whether it may be asked for, written and fetched, as the safety level is now."""
    return definition(export).fits(export.petition.policy)
