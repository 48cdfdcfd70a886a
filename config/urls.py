from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps import views as sitemaps
from django.urls import include, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

from config.previews import preview
from core.web.http import cached, nowhere
from core.web.parameters import takes
from operations.watching import pages as health
from progress.views import petition_json
from public.sitemap import SITEMAPS, robots
from public.views import embedding

admin.autodiscover()
admin.site.index_title = _("Your campaigns")
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler404 = "core.web.errors.not_found"
handler500 = "public.views.broken.server_error"

urlpatterns = [
    # Django looks for an address from the first to the last: what thousands send at once is found soon.
    *i18n_patterns(
        path("", include("petitions.urls")),
        path("", include("public.urls")),
        path("", include("progress.urls")),
        prefix_default_language=False,
    ),
    path("healthz", health.healthz, name="healthz"),
    path("favicon.ico", RedirectView.as_view(url=settings.STATIC_URL + "icon.svg", permanent=True)),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    # Its own form would let the old password be guessed at any speed.
    path("admin/password_change/", RedirectView.as_view(pattern_name="account_change_password")),
    path("admin/preview/<path:place>", admin.site.admin_view(preview), name="preview"),
    # Django's own way to the address of any row would tell it to anybody on the staff.
    path("admin/r/<path:row>", admin.site.admin_view(nowhere), name="nowhere"),
    path("admin/", admin.site.urls),
    path("petitions/<int:number>.json", petition_json.petition, name="petition_json"),
    path("petitions/<int:number>/count.json", petition_json.count, name="petition_count_json"),
    path("oembed", embedding.oembed, name="oembed"),
    path("robots.txt", require_safe(cached(3600)(robots)), name="robots"),
    path("sitemap.xml", cached(3600)(sitemaps.index), {**SITEMAPS, "sitemap_url_name": "sitemap_page"}, name="sitemap"),
    path("sitemap-<slug:section>.xml", takes("p")(cached(3600)(sitemaps.sitemap)), SITEMAPS, name="sitemap_page"),
    path("accounts/", include("accounts.urls")),
]
