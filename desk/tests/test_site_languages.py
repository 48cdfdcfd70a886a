"""Administrators add a language on a page: what would break the site is named, and nothing of it is kept."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.text import added_languages, catalogues
from operations.tests.test_add_language import HEAD, entry
from tests import world
from tests.html import Html, errors_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(settings, tmp_path):
    settings.LANGUAGES_FOLDER = tmp_path / "languages"
    return settings.LANGUAGES_FOLDER


@pytest.fixture
def where():
    return reverse("admin:campaigns_campaign_site_languages")


def sent(code, words, **more):
    return {"code": code, "file": SimpleUploadedFile("x.po", (HEAD.format(code=code) + words).encode())} | more


def test_a_language_is_added_and_waits_for_a_restart(staff, where, folder):
    answer = staff.post(where, sent("ur", entry("open", "کھلا")), follow=True)
    assert added_languages.added(folder) == [("ur", "Urdu", "اردو", True)]
    page = Html(answer).text
    assert "اردو is saved. Pages speak it once web and workers have restarted." in page
    assert "Not translated yet, and shown in English" in page
    assert "اردو (ur) · waiting for a restart of web and workers" in page
    assert "“ur”" in str(LogEntry.objects.get())


def test_every_fault_is_named_and_nothing_is_kept(staff, where, folder):
    words = entry("By %(name)s", "Na %(jina)s") + entry("Read it", "<script>x</script>")
    answer = staff.post(where, sent("sw", words))
    assert answer.status_code == 422
    said = " ".join(errors_of(answer))
    assert "the original has no %(jina)s (“By %(name)s”)" in said
    assert "%(name)s is missing (“By %(name)s”)" in said
    assert "its tags differ from the original (“Read it”)" in said
    assert not folder.exists()
    assert not LogEntry.objects.exists()


def test_of_many_faults_some_are_named(staff, where, folder):
    answer = staff.post(where, sent("sw", "".join(entry(f"{number} %(name)s", "Na") for number in range(53))))
    assert len(Html(answer).find(".errorlist li")) == 51
    assert "and 3 more" in errors_of(answer)[0]


@pytest.mark.parametrize(
    ("code", "content", "reason"),
    [
        ("fr", b"", "The submitted file is empty"),
        ("fr", b'msgid "x"\nmsgstr "y"\n', "comes with Outcry"),
        ("../x", b"x", "in lower-case letters"),
        ("sw", b"\0\xff\xfe", "not a file of translations"),
        ("xzz", b'msgid "x"\nmsgstr "y"\n', "write its name"),
    ],
)
def test_what_can_not_be_added_says_why(staff, where, folder, code, content, reason):
    answer = staff.post(where, {"code": code, "file": SimpleUploadedFile("x.po", content)})
    assert answer.status_code == 422
    assert reason in " ".join(errors_of(answer))


def test_a_folder_that_can_not_be_written_to_is_no_fault_of_ours(staff, where, folder):
    folder.write_text("a file")
    answer = staff.post(where, sent("sw", entry("open", "wazi")))
    assert answer.status_code == 422
    assert "We can't write to the folder of languages" in errors_of(answer)[0]


def test_the_words_to_translate_come_as_a_file(staff, where, folder, tmp_path):
    answer = staff.post(where, {"code": "pl", "do": "blank"})
    assert answer["Content-Disposition"] == 'attachment; filename="pl.po"'
    (tmp_path / "pl.po").write_bytes(answer.content)
    with (tmp_path / "pl.po").open("rb") as file:
        catalogue = catalogues.read(file, "pl")
    assert catalogue.num_plurals == 3
    assert catalogues.untranslated(catalogue) > 1000
    assert staff.post(where, {"code": "xzz", "do": "blank"}).status_code == 422


def test_without_a_folder_the_page_says_what_is_missing(staff, where, settings):
    settings.LANGUAGES_FOLDER = None
    page = Html(staff.get(where))
    assert "must set LANGUAGES_FOLDER first" in page.text
    assert page.find("[type=file]") == []


def test_only_administrators_see_it(where, folder):
    for role, browser in world.browsers().items():
        assert browser.get(where).status_code == (200 if role == world.ADMINISTRATOR else 403), role
        assert (where in Html(browser.get(reverse("admin:index"))).values("a", "href")) == (role == world.ADMINISTRATOR)
