"""Petitions and signatures."""

from petitions.models.alert import Alert
from petitions.models.decision import DecidedSignature, Decision, Job, Reveal, StandingDecision
from petitions.models.export import Export, ExportPart
from petitions.models.mailing import OWN_PAGE_LIVES, LinkRequest, Mailing, Suppression
from petitions.models.paper import PaperBatch, PaperScan
from petitions.models.petition import (
    LINK_LIVES,
    ConsentText,
    Petition,
    PetitionTranslation,
    Review,
    links_are_spared,
    sparing_links,
    why_not_to_confirm,
)
from petitions.models.second_look import SecondLook
from petitions.models.signature import Signature, SignatureQuerySet
from petitions.models.tally import Tally, TallyByCountry, TallyByHour, ToldCountry, ToldSpan
from petitions.models.voice import Voice, VoiceQuerySet

__all__ = [
    "LINK_LIVES",
    "OWN_PAGE_LIVES",
    "Alert",
    "ConsentText",
    "DecidedSignature",
    "Decision",
    "Export",
    "ExportPart",
    "Job",
    "LinkRequest",
    "Mailing",
    "PaperBatch",
    "PaperScan",
    "Petition",
    "PetitionTranslation",
    "Reveal",
    "Review",
    "SecondLook",
    "Signature",
    "SignatureQuerySet",
    "StandingDecision",
    "Suppression",
    "Tally",
    "TallyByCountry",
    "TallyByHour",
    "ToldCountry",
    "ToldSpan",
    "Voice",
    "VoiceQuerySet",
    "links_are_spared",
    "sparing_links",
    "why_not_to_confirm",
]
