"""What a backup says of petitions, and what is done when it is restored (operations/recovery/)."""

from __future__ import annotations

from operations.models import JournalEntry
from operations.recovery.journal import Verb
from operations.recovery.replaying import replays
from operations.recovery.steps import Figures, catches_up, figures_of_a_backup, leave_out, proof
from petitions import forgetting, recount, signing, suppression, tally, voices
from petitions.exports import writing
from petitions.models import Export, ExportPart, PaperScan, Petition, Signature, SignatureQuerySet, Voice

leave_out(ExportPart)
leave_out(PaperScan)


def _row(entry: JournalEntry) -> SignatureQuerySet:
    return Signature.objects.filter(pk=entry.row)


@replays(Verb.WITHDRAW)
def _withdraw(entry: JournalEntry) -> None:
    for signature in _row(entry):
        signing.withdraw(signature)


@replays(Verb.ERASE)
def _erase(entry: JournalEntry) -> None:
    for signature in _row(entry).kept():
        signing.erase(signature)


@replays(Verb.HIDE)
def _hide(entry: JournalEntry) -> None:
    signing.hide(_row(entry))


@replays(Verb.UNSUBSCRIBE)
def _unsubscribe(entry: JournalEntry) -> None:
    signing.unsubscribe(_row(entry))


@replays(Verb.KEEP_NAME)
def _keep_name(entry: JournalEntry) -> None:
    signing.keep_name(_row(entry))


@replays(Verb.NOT_ME)
def _leave_alone(entry: JournalEntry) -> None:
    suppression.leave_alone(bytes(entry.address_hash or b""), entry.hash_version or 0, entry.hash_rule or 0)


@figures_of_a_backup
def signatures() -> Figures:
    """{"petition 7": how many signatures the tally holds}."""
    numbers = tally.confirmed_by_petition(Petition.objects.all())
    return {f"petition {pk}": numbers.get(pk, 0) for pk in Petition.objects.order_by("pk").values_list("pk", flat=True)}


@catches_up
def forget_and_count() -> None:
    while forgetting.forget():
        pass
    tally.settle_all()


@catches_up
def read_voices_again() -> None:
    """What was declined since the backup is approved in it: nobody is shown before a moderator has looked again."""
    voices.put_back(Voice.objects.all())


@catches_up
def end_exports() -> None:
    """What was written of them is in no backup: they are asked for anew."""
    writing.end(Export.objects.exclude(began_at=None).values_list("pk", flat=True))


@proof
def the_tally_is_right() -> list[str]:
    cells = [
        f"petition {cell.petition_id}, {cell.country}, {cell.start:%Y-%m-%d %H:%M}: {cell.rows} signatures, {cell.tally} counted."
        for cell in recount.differences()
    ]
    sums = [
        f"petition {wrong.petition_id}, {wrong.part}: {wrong.cells} signatures in its cells, {wrong.sum} in their sum."
        for wrong in recount.wrong_sums()
    ]
    return cells + sums
