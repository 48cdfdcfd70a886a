"""The pages that a link in a mail opens. A GET only shows; a POST changes."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, cast

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from core import switches
from core.crypto import tokens
from core.kept import kept
from core.owners import with_owner
from core.postgres.durable import wait_for_standbys
from core.prepared import get
from core.privacy.address_hashes import address_hash
from core.privacy.addresses import RULE
from core.privacy.personal_data import KeepsAddress
from core.web import throttling
from core.web.challenge import Challenge
from core.web.http import SeeOther, cached, cookieless_post, paused, secret_page
from core.web.parameters import takes
from core.web.ratelimit import no_guessing
from operations.watching import counting
from operations.watching.names import SIGNATURES
from petitions import (
    data_export,
    handing,
    looking_again,
    mails,
    personal_data,
    signing,
    standing_decisions,
    suppression,
)
from petitions.forms import AddressForm, ConfirmForm, SecondLookForm
from petitions.models import (
    LinkRequest,
    Petition,
    Signature,
    SignatureQuerySet,
    StandingDecision,
    why_not_to_confirm,
)

VERBS: dict[str, Callable[[Signature], object]] = {
    "withdraw": signing.withdraw,
    "erase": signing.erase,
    "hide": lambda signature: signing.hide(Signature.objects.filter(pk=signature.pk)),
    "unsubscribe": lambda signature: signing.unsubscribe(Signature.objects.filter(pk=signature.pk)),
    "keep": lambda signature: signing.keep_name(Signature.objects.filter(pk=signature.pk)),
}


@secret_page
@no_guessing(mails.CONFIRM)
@cookieless_post
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Shows what will be confirmed, editable; its button confirms."""
    try:
        signature = get(Signature, tokens.read(mails.CONFIRM, token))
    except tokens.BadToken:
        return render(request, "petitions/link_unknown.html", status=404)
    except Signature.DoesNotExist:
        return render(request, "petitions/link_expired.html", status=410)
    signature.petition = _petition(signature.petition_id)
    return _confirming(request, signature)


@kept
def _petition(number: int) -> Petition:
    return with_owner(Petition.objects.all()).get(pk=number)


@secret_page
@no_guessing(mails.OWN_PAGE)
@cookieless_post
@require_http_methods(["GET", "HEAD", "POST"])
def my_confirm(request: HttpRequest, token: str, signature: uuid.UUID) -> HttpResponse:
    """As behind the link in a mail to confirm, for whom such a mail did not reach: the link to the own page went to this mailbox."""
    try:
        mine = with_owner(_signatures(token), "petition").get(pk=signature)
    except (tokens.BadToken, LinkRequest.DoesNotExist):
        return render(request, "petitions/own_page_gone.html", status=410)
    except Signature.DoesNotExist as error:
        raise Http404 from error
    return _confirming(request, mine)


def _confirming(request: HttpRequest, signature: Signature) -> HttpResponse:
    if signature.withdrawn_at or signature.confirmed_at:
        return _settled(request, signature)
    if signature.link_expired or signature.erased_at:
        return _expired(request, signature)
    # Ticks of the sign form are not carried over: anybody could have made them.
    typed = {"name": signature.name, "country": signature.country, "comment": signature.comment}
    form = ConfirmForm(
        request.POST if request.method == "POST" else None,
        initial=typed,
        policy=signature.petition.policy,
        recipient=handing.offered(signature.petition),
    )
    off = why_not_to_confirm(signature.petition.owner)
    context = {"form": form, "petition": signature.petition, "signature": signature, "paused": off}
    if request.method == "POST" and off:
        return paused(request, "petitions/confirm.html", context)
    if request.method == "POST" and form.is_valid():
        try:
            signing.confirm(signature, cast(signing.Confirmation, form.cleaned_data))
        except signing.AlreadyConfirmed:
            return _settled(request, signature)
        except signing.LinkExpired:
            return _expired(request, signature)
        counting.count(SIGNATURES, "confirmed")
        # Without a page to go on to, this one says that it is done.
        return SeeOther(signature.petition.owner.after_signing_url() or request.path)
    return render(request, "petitions/confirm.html", context, status=422 if form.is_bound else 200)


def _expired(request: HttpRequest, signature: Signature) -> HttpResponse:
    return render(request, "petitions/link_expired.html", {"petition": signature.petition}, status=410)


def _settled(request: HttpRequest, signature: Signature) -> HttpResponse:
    """Says that it stands, or was taken back. Whoever took a signature back may have signed again: then that one is spoken of.

    Staff may keep it out: then this page says that it does not count, and leaves it to the own page to say why.
    """
    wait_for_standbys()
    stands = not signature.withdrawn_at and signature.confirmed_at
    if standing := signature if stands else signing.standing(signature):
        context = {"petition": signature.petition, "signature": standing}
        return render(request, "petitions/already_confirmed.html", context)
    return render(request, "petitions/taken_back.html", {"petition": signature.petition}, status=410)


@cookieless_post
@require_http_methods(["GET", "HEAD", "POST"])
@takes("sent")
def my(request: HttpRequest) -> HttpResponse:
    """Ask for a link to one's own page. The answer, and the work done for it, is the same for every address."""
    if request.method != "POST":
        context = {"form": AddressForm(), "sent": "sent" in request.GET, "paused": switches.told()}
        return render(request, "petitions/my.html", context)
    form = AddressForm(request.POST)
    if not form.is_valid():
        return _my_again(request, form, 422, throttling.kept(request, "my"))
    admission = throttling.check(request, "my")
    if admission.challenge:
        return _my_again(request, form, 200, admission.challenge)
    email, due = form.cleaned_data["email"], admission.mail_at or timezone.now()
    LinkRequest.objects.create(
        email=email,
        address_hash=address_hash(email),
        hash_rule=RULE,
        language=get_language() or "en",
        mail_due_at=due,
    )
    return SeeOther(reverse("my") + "?sent=1")


def _my_again(request: HttpRequest, form: AddressForm, status: int, challenge: Challenge | None) -> HttpResponse:
    response = render(
        request, "petitions/my.html", {"form": form, "challenge": challenge, "paused": switches.told()}, status=status
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@secret_page
@no_guessing(mails.OWN_PAGE)
@require_http_methods(["GET", "HEAD"])
@takes("done")
def my_page(request: HttpRequest, token: str) -> HttpResponse:
    try:
        mine = _signatures(token)
    except (tokens.BadToken, LinkRequest.DoesNotExist):
        return render(request, "petitions/own_page_gone.html", status=410)
    return _own_page(request, token, mine)


def _own_page(
    request: HttpRequest, token: str, mine: SignatureQuerySet, sent: tuple[uuid.UUID, SecondLookForm] | None = None
) -> HttpResponse:
    """`sent`: a form of one of these signatures that comes back with what is wrong in it."""
    others = [row.told() for row in _elsewhere(token)]
    given = handing.keeper().told([signature.pk for signature in mine])
    looks = looking_again.last_of(mine)
    asking = {row.pk: _second_look_form(row) for row in mine if row.pk not in looks and looking_again.may_ask(row)}
    if sent:
        asking |= dict([sent])
    context = {
        "signatures": [(row, given.get(row.pk), looks.get(row.pk), asking.get(row.pk)) for row in mine],
        "others": others,
        "decided": standing_decisions.told(_asked(token).email),
        "token": token,
        "form": sent[1] if sent else None,
    }
    return render(request, "petitions/my_page.html", context, status=422 if sent else 200)


def _second_look_form(signature: Signature, data: Any = None) -> SecondLookForm:
    return SecondLookForm(data, policy=signature.petition.policy, auto_id=f"look-{signature.pk}-%s")


@secret_page
@no_guessing(mails.OWN_PAGE)
@cookieless_post
@require_POST
def second_look(request: HttpRequest, token: str, signature: uuid.UUID) -> HttpResponse:
    """Asks moderators to look again at a signature that staff keep out; once for each decision."""
    try:
        mine = _signatures(token)
        row = mine.get(pk=signature)
    except (tokens.BadToken, LinkRequest.DoesNotExist):
        return render(request, "petitions/own_page_gone.html", status=410)
    except Signature.DoesNotExist as error:
        raise Http404 from error
    form = _second_look_form(row, request.POST)
    if not form.is_valid() and looking_again.may_ask(row):
        return _own_page(request, token, mine, (row.pk, form))
    page = reverse("my_page", args=[token])
    asked = looking_again.ask(row, form.cleaned_data.get("words", ""))
    return SeeOther(f"{page}?done=asked" if asked else page)


@secret_page
@no_guessing(mails.OWN_PAGE)
@require_http_methods(["GET", "HEAD"])
def export(request: HttpRequest, token: str) -> HttpResponse:
    """All that is kept under one address, as a file."""
    try:
        mine = _signatures(token)
    except (tokens.BadToken, LinkRequest.DoesNotExist):
        return render(request, "petitions/own_page_gone.html", status=410)
    response = JsonResponse(
        data_export.as_json(mine, _elsewhere(token), standing_decisions.told(_asked(token).email)),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )
    response.headers["Content-Disposition"] = 'attachment; filename="my-signatures.json"'
    return response


@secret_page
@no_guessing(mails.NOT_ME)
@cookieless_post
@require_http_methods(["GET", "HEAD", "POST"])
def not_me(request: HttpRequest, token: str) -> HttpResponse:
    """For whoever got a mail because somebody else typed the address: one button, and it never happens again."""
    try:
        signature = tokens.read(mails.NOT_ME, token)
    except tokens.BadToken:
        return render(request, "petitions/link_unknown.html", status=404)
    if request.method == "POST":
        if suppression.suppress(signature):
            wait_for_standbys()
            return SeeOther(reverse("left_alone"))
        return render(request, "petitions/not_me.html", {"too_late": True}, status=410)
    return render(request, "petitions/not_me.html")


@secret_page
@no_guessing(mails.UNSUBSCRIBE)
@cookieless_post
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """The link under every news mail, and the one click that mail programs make of it."""
    try:
        mine = Signature.objects.filter(pk=tokens.read(mails.UNSUBSCRIBE, token))
    except tokens.BadToken:
        return render(request, "petitions/link_unknown.html", status=404)
    if request.method == "POST":
        signing.unsubscribe(mine)
        wait_for_standbys()
    return render(request, "petitions/unsubscribe.html", {"done": request.method == "POST"})


@require_http_methods(["GET", "HEAD"])
def left_alone(request: HttpRequest) -> HttpResponse:
    return render(request, "petitions/left_alone.html")


@require_http_methods(["GET", "HEAD"])
@cached(300)
def data(request: HttpRequest) -> HttpResponse:
    """What happens to people's data, from the settings that are in force."""
    return render(request, "petitions/data.html", data_export.in_force())


@secret_page
@no_guessing(mails.OWN_PAGE)
@cookieless_post
@require_POST
def change(request: HttpRequest, token: str, signature: uuid.UUID, verb: str) -> HttpResponse:
    if verb not in VERBS:
        raise Http404
    try:
        mine = _signatures(token).get(pk=signature)
    except (tokens.BadToken, LinkRequest.DoesNotExist):
        return render(request, "petitions/own_page_gone.html", status=410)
    except Signature.DoesNotExist as error:
        raise Http404 from error
    address = _asked(token).email
    gone = VERBS[verb](mine)
    # What is erased is not found a second time.
    if verb != "erase":
        wait_for_standbys()
    elif gone:
        return _goodbye(address)
    return SeeOther(f"{reverse('my_page', args=[token])}?done={verb}")


@secret_page
@no_guessing(mails.OWN_PAGE)
@cookieless_post
@require_POST
def forget_others(request: HttpRequest, token: str) -> HttpResponse:
    """What is kept beside signatures under this address goes."""
    try:
        asked = _asked(token)
    except (tokens.BadToken, LinkRequest.DoesNotExist):
        return render(request, "petitions/own_page_gone.html", status=410)
    with transaction.atomic():
        personal_data.forget(asked.email)
        gone = personal_data.forget_last_traces(asked.email)
    if gone:
        return _goodbye(asked.email)
    wait_for_standbys()
    return SeeOther(f"{reverse('my_page', args=[token])}?done=forgotten")


@require_http_methods(["GET", "HEAD"])
@secret_page
def goodbye(request: HttpRequest, kept: bool = False) -> HttpResponse:
    """After the last erasure. It needs no link, which is gone with all the rest; `kept`: but for what a person decided."""
    return render(request, "petitions/goodbye.html", {"kept": kept})


def _goodbye(address: str) -> HttpResponse:
    kept = StandingDecision.objects.for_address(address).exists()
    return SeeOther(reverse("goodbye_kept" if kept else "goodbye"))


def _asked(token: str) -> LinkRequest:
    """Raises BadToken, LinkRequest.DoesNotExist."""
    asked = LinkRequest.objects.get(pk=tokens.read(mails.OWN_PAGE, token))
    if asked.expired:
        raise LinkRequest.DoesNotExist
    return asked


def _elsewhere(token: str) -> list[KeepsAddress]:
    return list(personal_data.rows(_asked(token).email))


def _signatures(token: str) -> SignatureQuerySet:
    """The signatures, confirmed or not, of whoever holds this link. Raises BadToken, LinkRequest.DoesNotExist."""
    asked = _asked(token)
    mine = Signature.objects.kept().for_address(asked.email)
    rows = mine.select_related("petition", "voice", "decision").prefetch_related("second_looks")
    return rows.order_by("-signed_at")
