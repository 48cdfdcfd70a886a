"""Between a restore and `open` staff look around; nothing of visitors is begun, and nothing goes out."""

from io import BytesIO, StringIO
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.utils import timezone

from accounts import inviting
from accounts import tasks as accounts_tasks
from actions import tasks as actions_tasks
from actions.tests.world import make_action
from campaigns.models import Update
from core import closing
from core import tasks as core_tasks
from core.models import StaffMail
from operations.closed import closed
from petitions.models import Signature
from tests.factories import typed
from tests.login import logged_in, make_staff

pytestmark = pytest.mark.django_db(transaction=True)


def ask(path, client=None, form=None):
    """(Status, headers, body) over WSGI, as a web server asks, with the cookies of this client."""
    told, body = {}, urlencode(form or {}).encode()
    environ = {
        "REQUEST_METHOD": "GET" if form is None else "POST",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "HTTP_HOST": "testserver",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        "wsgi.url_scheme": "http",
    }
    if client:
        environ["HTTP_COOKIE"] = "; ".join(f"{name}={cookie.value}" for name, cookie in client.cookies.items())
    answer = closed(get_wsgi_application())(
        environ, lambda status, headers: told.update(dict(headers), status=int(status[:3]))
    )
    return told["status"], told, b"".join(answer)


@pytest.fixture
def restored(live):
    closing.close()
    return live


@pytest.mark.requirement("F5")
def test_before_it_is_opened_staff_look_around(restored):
    assert ask("/admin/")[1]["Location"].startswith("/admin/login/")
    assert ask("/admin")[0] == 301
    assert ask("/accounts/login/")[0] == 200
    staff = logged_in(make_staff())
    for path in ("/admin/", "/admin/campaigns/campaign/", f"/admin/campaigns/campaign/{restored.pk}/change/"):
        assert ask(path, staff)[0] == 200, path


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/c/{slug}/",
        "/es/c/{slug}/",
        "/c/{slug}/admin/",
        "/administrators/",
        "/es/admin/",
        "/es/accounts/login/",
        "//admin/",
        "/my/",
        "/sitemap.xml",
        "/accounts/twitter_oauth2/login/",
        "/accounts/twitter_oauth2/login/callback/",
    ],
)
@pytest.mark.requirement("F5")
def test_before_it_is_opened_visitors_see_nothing_staff_or_not(restored, path):
    for client in (None, logged_in(make_staff())):
        status, headers, _ = ask(path.format(slug=restored.slug), client)
        assert (status, headers["Retry-After"]) == (503, "60")


@pytest.mark.requirement("F5")
@pytest.mark.parametrize("path", ["/c/{slug}/sign/", "/ar/c/{slug}/sign/", "/c/{slug}/pledge/", "/my/"])
def test_before_it_is_opened_no_form_of_a_visitor_is_taken(restored, path):
    assert ask(path.format(slug=restored.slug), form=typed())[0] == 503
    assert not Signature.objects.exists()
    closing.open_again()
    assert ask(f"/c/{restored.slug}/sign/", form=typed())[0] == 303
    assert Signature.objects.exists()


@pytest.mark.requirement("F5")
def test_before_it_is_opened_staff_mail_nobody(restored, smtp):
    """What waits in the database is sent by workers, who do nothing yet; what the web itself would send is refused."""
    staff = logged_in(make_staff())
    update = Update.objects.create(campaign=restored, title="They answered", text="At last.")
    tried = staff.post(f"/admin/campaigns/update/{update.pk}/mail/", {"do": "test"}, follow=True)
    assert "it sends no mail" in tried.content.decode()
    inviting.invite("new@example.org", [])
    StaffMail.objects.create(to="ana@example.org", subject="s", text="t", mail_due_at=timezone.now())

    def work():
        accounts_tasks.send_invitations()
        core_tasks.send_mails()

    work()
    assert smtp.received == []
    call_command("open", stdout=StringIO())
    work()
    assert len(smtp.received) == 2
    staff.post(f"/admin/campaigns/update/{update.pk}/mail/", {"do": "test"})
    assert len(smtp.received) == 3


@pytest.mark.requirement("F5")
def test_before_it_is_opened_x_is_asked_nothing(simulator, settings):
    closing.close()
    make_action(simulator, settings)
    actions_tasks.poll_volume()
    actions_tasks.collect_posts()
    assert simulator.requests == []
    closing.open_again()
    actions_tasks.poll_volume()
    assert simulator.requests
