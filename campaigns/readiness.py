"""What a campaign should have before it is announced, or goes live: what it can't do without, and what its people should at least
know."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from actions import asking, samples
from actions.models import TweetAction
from campaigns import translating
from campaigns.models import Campaign, Status
from core.privacy.safety import SafetyLevel
from core.text.formats import listed
from operations.models import Incident

# The conditions that say that mails don't go out (petitions/conditions.py, operations/conditions.py).
MAIL = ("confirmations", "mail_server")


@dataclass(frozen=True)
class Item:
    """One line of the checklist. `advice` says what is lacking, and `place` where it is mended (desk/going_live.py); what is lacking
    and not required may be waived by whoever launches it."""

    key: str
    met: bool
    is_required: bool
    words: str
    advice: str = ""
    place: str = ""


def checklist(campaign: Campaign) -> list[Item]:
    """Every item, met or not, in the order in which a campaign is made. One that is opened again is asked less: people have
    seen it as it is."""
    return [*_again(campaign)] if campaign.launched_at else [*_first(campaign)]


def to_announce(campaign: Campaign) -> list[Item]:
    """Every item for a campaign that people are asked to pledge for, and nothing more yet."""
    return [*_announced(campaign)]


def missing(items: Iterable[Item]) -> list[Item]:
    """Those without which it goes no further."""
    return [item for item in items if item.is_required and not item.met]


def doubts(items: Iterable[Item]) -> list[Item]:
    """Those that somebody has to wave through."""
    return [item for item in items if not item.is_required and not item.met]


def _first(campaign: Campaign) -> Iterator[Item]:
    petition, action = campaign.petition, campaign.tweet_action
    refused = _refused(campaign)
    whole = petition is not None and bool(petition.title.strip() and petition.text.strip())
    advice = _("Without it there is nothing to sign.")
    yield Item("petition", whole, True, _("A petition with a title and a text"), advice, "petition")
    if petition:
        advice = _("It closes before anybody could sign. Choose a later time, or none.")
        open_then = campaign.is_over or not petition.is_closed  # what is over is opened again
        yield Item("closing", open_then, True, _("The petition is not closed yet"), advice, "petition")
        advice = _("It opens later: until then there is nothing to sign.")
        opens = petition.opens_at <= timezone.now()
        yield Item("opening", opens, False, _("The petition is open from the start"), advice, "petition")
    yield _headline(campaign, refused)
    if action:
        yield from _posting(action)
    else:
        words, advice = _("A tweet action"), _("Without one, nobody is asked to post, and no office hears from them.")
        yield Item("action", False, False, words, advice, "action")
    advice = _("Say what you ask for: we report the outcome of each demand.")
    yield Item("demands", campaign.demands.exists(), True, _("At least one demand"), advice, "demands")
    yield _organiser(campaign)
    yield _contact()
    yield _languages(campaign)
    yield _safety(campaign)
    yield _mail()
    yield from _others(refused, _("Ready to go live"))


def _announced(campaign: Campaign) -> Iterator[Item]:
    refused = _refused(campaign, Status.INTEREST)
    yield _headline(campaign, refused)
    yield _organiser(campaign)
    yield _contact()
    advice = _("Say how many pledges it needs to go ahead: people pledge towards that number.")
    words = _("How many pledges it needs to go ahead")
    yield Item("threshold", bool(campaign.pledge_threshold), True, words, advice, "pledge_threshold")
    is_coming = campaign.moments.coming(timezone.now()).exists()
    are_over = not is_coming and campaign.moments.standing().exists()
    advice = _("There is none yet: people would pledge without knowing the day, and get no reminder.")
    if are_over:
        advice = _("All its moments are over: people would pledge for a day that is past.")
    yield Item("moments", is_coming, are_over, _("A moment that is still to come"), advice, "moments")
    yield _languages(campaign)
    yield _safety(campaign)
    yield _mail()
    yield from _others(refused, _("Ready to be announced"))


def _again(campaign: Campaign) -> Iterator[Item]:
    refused = _refused(campaign)
    yield _headline(campaign, refused)
    yield _contact()
    yield _mail()
    yield from _others(refused, _("Ready to go live"))


def _refused(campaign: Campaign, status: Status = Status.LIVE) -> dict[str, list[str]]:
    """What the campaign's own rules would say, were it in this status: {field: messages}."""
    moved = copy(campaign)
    moved.status = status
    try:
        moved.clean()
    except ValidationError as error:
        return error.message_dict
    return {}


def _headline(campaign: Campaign, refused: dict[str, list[str]]) -> Item:
    wrong = refused.get("headline", []) if campaign.headline.strip() else [_("It is empty.")]
    return Item("headline", not wrong, True, _("A headline that can be posted as it is"), " ".join(wrong), "headline")


def _organiser(campaign: Campaign) -> Item:
    advice = _("Every page says it: people want to know who asks them to sign.")
    return Item("organiser", bool(campaign.organiser.strip()), True, _("Who runs this"), advice, "organiser")


def _others(refused: dict[str, list[str]], words: str) -> Iterator[Item]:
    for field, wrong in refused.items():
        if field != "headline":
            yield Item(field, False, True, words, " ".join(wrong), field)


def _posting(action: TweetAction) -> Iterator[Item]:
    target = action.target
    whole = target is not None and bool((target.name.strip() or target.x_handle) and target.reason.strip())
    words = _("A target with a name or a handle, and why it can decide")
    yield Item("target", whole, True, words, _("Posts and demands are for somebody: say for whom, and why."), "target")
    # Those of a moment come with it, and go.
    number = samples.alive(action).filter(moments=None).count()
    words, none = _("Enough different texts to post"), _("There is no text to post yet.")
    advice = _("Fewer than 20: a crowd would sound like one person. Add parts.") if number else none
    yield Item("samples", number >= samples.FEW, number == 0, words, advice, "samples")
    advice = _(
        "X is not connected: there is no key, or X does not accept it. Everything works except the number of tweets."
    )
    yield Item("x", asking.is_connected(), False, _("X is connected"), advice)
    if settings.X_BEARER_TOKEN:
        words, advice = _("Somebody has read X's terms"), _("Until then we ask X for nothing, and count no posts.")
        yield Item("terms", action.terms_read_at is not None, False, words, advice, "terms")


def _contact() -> Item:
    advice = _("No page says how to reach you: whoever runs this site must set CONTACT.")
    return Item("contact", bool(settings.CONTACT), True, _("An address where people can reach you"), advice)


def _languages(campaign: Campaign) -> Item:
    begun = [(code, there, whole) for code, there, whole in translating.progress(campaign) if 0 < there < whole]
    told = listed(f"{code} {there}/{whole}" for code, there, whole in begun)
    advice = _("Started but not complete: %(languages)s. Pages show what is missing in the original language.") % {
        "languages": told
    }
    return Item("languages", not begun, False, _("The other languages are complete"), advice, "languages")


def _safety(campaign: Campaign) -> Item:
    """The level that every campaign begins with may be one that nobody chose."""
    chosen = campaign.safety != SafetyLevel.STANDARD
    advice = _(
        "It is “standard” because nobody chose another. Could it harm somebody to be known as a signer? Raise it now."
    )
    return Item("safety", chosen, False, _("The safety level was chosen"), advice, "safety")


def _mail() -> Item:
    works = not Incident.objects.open().filter(name__in=MAIL).exists()
    advice = _("Mails are late or refused right now: people who sign can't confirm until they go out again.")
    return Item("mail", works, False, _("Mails go out"), advice)
