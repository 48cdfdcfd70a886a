"""Every address of an installation without campaigns."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("accounts.urls")),
    *i18n_patterns(path("", include("petitions.urls")), prefix_default_language=False),
]
