"""Each page and mail as it is read in each language: nothing of ours is left in English, signs and address are its own.

What staff and visitors have written is not ours: its element says in which language it is (`lang`). Where no element can say it, in
a title or a subject, it stands in WRITTEN.
"""

import re
from datetime import timedelta
from gettext import c2py

import pytest
from babel import Locale
from django.conf import settings
from django.core.cache import cache
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import get_resolver
from django.utils import timezone, translation

from accounts.models import User
from campaigns.models import KeyMoment, PressKit, Recap, RecapEntry, Response, Source, Update
from core.crypto import tokens
from core.mail.writers import specimen
from core.switches import TOLD, Switch
from operations.unavailable import page as unavailable
from petitions import tally
from petitions.models import LinkRequest
from progress import daily_snapshots, last_known, tasks
from progress.views import report
from public import typed
from public.views.broken import server_error
from tests import factories
from tests.house.test_languages import OTHERS, catalogue
from tests.house.test_voice import TO_A_FRIEND, fenced, said
from tests.html import Html
from tests.safety.test_privacy import walk

pytestmark = pytest.mark.django_db
ENGLISH = settings.LANGUAGE_CODE
HEADINGS = {"es": "Spanish", "fr": "French", "ar": "Arabic"}
# What is no page, or no page by GET; drawings and files have tests of their own.
NO_PAGES = {
    "sign",
    "check_mail_to",
    "pledge",
    "sign_again",
    "act_go",
    "act_another",
    "act_link",
    "qr_code",
    "progress_json",
    "my_change",
    "my_confirm",
    "my_export",
    "my_forget",
    "my_second_look",
    "press_image",
    "press_image_early",
    "feed",
    "oembed",
    "petition_json",
    "petition_count_json",
    "signatures_csv",
    "countries_csv",
    "tweets_csv",
    "figures_csv",
    "countries_svg",
    "share_image",
    "report",
    "snapshot_json",
    "delivered_json",
    "delivered_stamp",
    "campaign_picture",
    "moment_picture",
    "calendar",
}
# Written by staff or visitors, or a name.
WRITTEN = (
    "Publish it, .@xmpl_ministry! #OpenTheRiverReport",
    "The report is public.",
    "Open the river report",
    "Ministry of Examples",
    "Example Rights Network",
    "Everybody tweets",
    "Publish the report",
    "The first answer",
    "Ana Example",
    "#OpenTheRiverReport",
    "@xmpl_ministry",
    "hello@example.org",
)
ATTRIBUTES = (
    "alt",
    "title",
    "aria-label",
    "placeholder",
    "data-pause",
    "data-resume",
    "data-still",
    "data-said",
    "data-unknown",
)
LOST = ("nothing", "a link that is old", "own page, old", "pledge, old")
# Not read as words, or those of Unicode's tables.
SILENT = "script, style, code, pre, svg title, textarea[readonly], [name=country]"
NO_WORDS = re.compile(r"https?://\S+|[\w.+-]+@[\w.-]+\w|\d[\d.,:/\u202f\xa0]*\d|\{\w+\}|-is:\w+")


@pytest.fixture
def site(live):
    """The campaign, and the address of every page by the name of its URL; as much is on each as may be."""
    now = timezone.now()
    live.pledge_threshold, live.story, live.notice = 5, "Our story", "Our notice"
    live.forecast = 3
    live.save()
    action, petition = live.tweet_action, live.petition
    action.target.email = "office@example.org"
    action.target.save()
    signer = factories.signature(petition, address="ana@example.org")
    factories.voice(petition)
    factories.signatures(petition, 30)
    factories.day_of_action(live)
    KeyMoment.objects.create(campaign=live, title="The first answer", starts_at=now - timedelta(hours=5))
    answer = Response.objects.create(
        campaign=live, speaker="Minister", where="x", words="We will.", demand=live.demands.get(), outcome="answered"
    )
    recap = Recap.objects.create(campaign=live, text="How it went", published_at=now)
    RecapEntry.objects.create(recap=recap, response=answer)
    news = Update.objects.create(
        campaign=live, title="The first answer", text="It came.", published_at=now - timedelta(hours=1)
    )
    kit = PressKit.objects.create(campaign=live, text="Release", contact="x")
    Source.objects.create(campaign=live, word="leaflet")
    factories.tweet(action, target=action.target, kind="target", text="We will.")
    factories.tweet(action)
    pledge, asked = factories.pledge(live), LinkRequest.objects.create(email="ana@example.org", mailed_at=now)
    waiting = factories.signature(petition, confirmed=False)
    tally.settle_all()
    factories.told(petition)
    snapshot = daily_snapshots.take(live)
    tasks.keep_last_known()
    staff = User.objects.create_user("keeper", "keeper@example.org")
    delivery = factories.delivery(live, staff, handed_over_at=now, receipt="7")
    slug = f"/c/{live.slug}/"
    own = f"/my/{tokens.make('my', asked.pk)}/"
    pages = {
        "home": "/",
        "campaign": slug,
        "campaign_from": f"{slug}from/leaflet/",
        "check_mail": f"{slug}check-mail/",
        "act": f"{slug}act/",
        "pass_on": f"{slug}pass-on/",
        "write": f"{slug}write/",
        "pledged": f"{slug}pledged/",
        "pledge_confirm": f"/pledge/{tokens.make('pledge', factories.pledge(live, confirmed=False).pk)}/",
        "unpledge": f"/unpledge/{tokens.make('unpledge', pledge.pk)}/",
        "recap": f"{slug}recap/",
        "updates": f"{slug}updates/",
        "embed": f"{slug}embed/",
        "wall": f"{slug}wall/",
        "voices": f"{slug}voices/",
        "press": f"{slug}press/",
        "press_early": f"{slug}press/{tokens.make('press', kit.key)}/",
        "progress": f"{slug}progress/",
        "snapshot": f"{slug}progress/{snapshot.day:%Y-%m-%d}/",
        "snapshot_keys": "/keys/",
        "confirm": f"/confirm/{tokens.make('confirm', waiting.pk)}/",
        "my": "/my/",
        "my_page": own,
        "not_me": f"/not-me/{tokens.make('not-me', waiting.pk)}/",
        "unsubscribe": f"/unsubscribe/{tokens.make('unsubscribe', signer.pk)}/",
        "left_alone": "/left-alone/",
        "goodbye": "/goodbye/",
        "goodbye_kept": "/goodbye/kept/",
        "data": "/data/",
        "delivered": f"{slug}delivered/{delivery.pk}/",
        "check your mail": f"{slug}check-mail/{typed.seal(live.slug, factories.typed())}/",
        "announced, not live": factories.campaign(
            status="interest", launched_at=None, pledge_threshold=5
        ).get_absolute_url(),
        "a day by the hour": f"{slug}progress/?day={now:%Y-%m-%d}",
        "nothing": "/c/nothing/",
        "a link that is old": "/confirm/x/",
        "own page, old": "/my/x/",
        "pledge, old": "/pledge/x/",
    }
    return live, pages, [(type(one), one) for one in (petition, live, live.moments.first(), news, LinkRequest())]


def read(site, language):
    """{name: what is read} of every page and both parts of every mail."""
    campaign, pages, letters = site
    prefix, found = "" if language == ENGLISH else f"/{language}", {}
    cache.clear()
    last_known.remember()
    for name, place in pages.items():
        answer = Client().get(prefix + place)
        assert answer.status_code in ((404, 410) if name in LOST else (200,)), (name, answer.status_code)
        found[name] = words(answer, language)
    for template in ("busy", "closed"):
        found[template] = words(unavailable(f"errors/{template}.html", language), language)
    with translation.override(language):
        request = RequestFactory().get(f"{prefix}{pages['campaign']}")
        request.LANGUAGE_CODE = language
        for template in ("foreign_form", "maintenance", "slow_down"):
            said = {"words": TOLD[Switch.MAINTENANCE]}
            found[template] = words(render_to_string(f"errors/{template}.html", said, request), language)
        found["500"] = words(server_error(request), language)
        found["report"] = words(report.page(request, campaign), language)
        for model, about in letters:
            letter = specimen(model)(about, "ana@example.org")
            found[f"mail: {model.__name__}"] = [letter.subject, *words(letter.alternatives[0].content, language)]
            found[f"mail as text: {model.__name__}"] = letter.body.splitlines()
    return found


def words(source, language):
    """Each run of words as it stands in the page, where it is in the page's own language; attributes that are read too."""
    page = Html(source).without(SILENT)
    foreign = [found.element for found in page.find("body [lang]") if found["lang"] != language]
    for element in foreign:
        element.drop_tree()
    for element in page.find("bdi"):
        element.element.drop_tag()
    found = []
    for element in page.element.iter():
        found += [element.text or "", element.tail or "", *(element.get(name, "") for name in ATTRIBUTES)]
    return [re.sub("[ \n\t]+", " ", text).strip(" ") for text in found if text.strip()]


def ours(text):
    """Without names, addresses and numbers."""
    for one in WRITTEN:
        text = text.replace(one, "…")
    return NO_WORDS.sub("0", text)


def wrong(language, texts, check):
    return sorted({(name, text) for name, found in texts.items() for text in map(ours, found) if check(text)})


CHECKS = {
    "ar": lambda text: re.search(r"[,;?]", text),
    "fr": lambda text: (
        "'" in text or re.search(r"(?<![\u202f\s…])[;:!?»](?!\w)|(?<![\u202f])[ \xa0][;:!?»]|«(?!\u202f)", text)
    ),
    "es": lambda text: (
        re.search('[“”"]', text) or text.count("?") != text.count("¿") or text.count("!") != text.count("¡")
    ),
}


def mixed(language):
    """Tells a text that addresses its reader in another form."""
    others, friend = set(fenced(HEADINGS[language]).split()), to_a_friend(language)

    def check(text):
        read = {word.casefold() for word in re.findall(r"[\w’-]+", text)}
        if language == "ar":
            read |= {word[1:] for word in read if word[0] in "وف"}
        tu = language == "fr" and any(word.startswith("t’") for word in read)
        return (read & others or tu) and friend not in text

    return check


def to_a_friend(language):
    original = next(text for _path, text in said() if text.startswith(TO_A_FRIEND))
    with translation.override(language):
        return translation.gettext(original).split("%(")[0].strip()


def test_every_page_is_looked_at(site):
    """A new page is added to those above, or to what is none."""
    modules = ("public.views", "progress.views", "petitions.views")
    named = {entry.name for entry in walk(get_resolver()) if entry.callback.__module__.startswith(modules)}
    assert named - NO_PAGES == {name for name in site[1] if re.fullmatch(r"\w+", name)} - {"nothing"}


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_left_in_english(site, language):
    """What one reads in the English page is not read in another one, where it is more than a name."""
    english = {ours(text) for found in read(site, ENGLISH).values() for text in found}
    left = wrong(
        language, read(site, language), lambda text: text in english and len(re.findall(r"[^\W\d_]{2,}", text)) > 2
    )
    assert left == []


@pytest.mark.parametrize("language", OTHERS)
def test_signs_and_address_are_those_of_the_language(site, language):
    texts = read(site, language)
    assert sum(map(len, texts.values())) > 1000
    assert wrong(language, texts, CHECKS[language]) == []
    assert wrong(language, texts, mixed(language)) == []


NUMBERS = (0, 1, 2, 3, 11, 100)
PLACEHOLDERS = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
# What the number is called in messages, some of which show others, too.
COUNTED = ("shown", "number", "days", "seconds", "minutes")
TAGS = ("zero", "one", "two", "few", "many", "other")


def plurals(language):
    found = [message for message in catalogue(language) if message.pluralizable]
    assert len(found) > 50
    return found


def chosen(language, message, number):
    with translation.override(language):
        if message.context:
            return translation.npgettext(message.context, *message.id, number)
        return translation.ngettext(*message.id, number)


def placeholders(text):
    return sorted(one or other for one, other in PLACEHOLDERS.findall(text))


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("language", OTHERS)
def test_every_message_with_a_number_says_it(language, number):
    for message in plurals(language):
        text, named = chosen(language, message, number), placeholders(message.id[1])
        assert placeholders(text) == named, text
        counted = [name for name in COUNTED if name in named]
        assert len(counted) == bool(named), message.id
        values = {name: number if name in counted else f"<{name}>" for name in named}
        said = text.format(**values) if "{" in text else text % values
        assert all(str(value) in said for value in values.values()), said
        if counted:
            assert re.search(rf"(?<!\d){number}(?!\d)", said), said


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("language", OTHERS)
def test_a_number_stands_before_the_form_that_unicode_gives_it(language, number):
    """The catalogue's own rule for plurals is that of CLDR, and what runs goes by it, in every message."""
    locale, forms = Locale.parse(language), catalogue(language)
    order = [tag for tag in TAGS if tag in {*locale.plural_form.tags, "other"}]
    if forms.num_plurals < len(order):
        # Whole millions have a form of their own in Spanish and French; here they are written as other numbers.
        order.remove("many")
    assert len(order) == forms.num_plurals
    at = order.index(locale.plural_form(number))
    assert c2py(forms.plural_expr)(number) == at
    assert [
        message.id for message in plurals(language) if chosen(language, message, number) != message.string[at]
    ] == []


@pytest.mark.parametrize("language", OTHERS)
def test_forms_that_differ_for_unicode_differ_in_words(language):
    rule = Locale.parse(language).plural_form
    days = next(message for message in plurals(language) if message.id[0] == "The last answer came {shown} day ago.")
    text = {number: chosen(language, days, number) for number in NUMBERS}
    for number in NUMBERS:
        assert {one for one in NUMBERS if text[one] == text[number]} == {
            one for one in NUMBERS if rule(one) == rule(number)
        }


def test_nothing_is_singular_in_french():
    """“0 jour”, as “1 jour”."""
    assert [message.id for message in plurals("fr") if chosen("fr", message, 0) != message.string[0]] == []
