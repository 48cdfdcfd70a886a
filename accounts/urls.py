from csp.constants import SELF
from csp.decorators import csp_update
from django.conf import settings
from django.urls import include, path, re_path

from accounts import invited, second_factor, views, xlogin

# The form that starts an X login is answered with a redirect to X: the browser's policy must know that host.
to_x = csp_update({"form-action": [settings.X_HOST]})

# The square code for the authenticator app is drawn into the page.
with_code = csp_update({"img-src": [SELF, "data:"]})

# Doors of allauth that stay shut: addresses come from an invitation, accounts from X, and neither is joined by hand.
SHUT = {
    "signup/": "account_signup",
    "email/": "account_email",
    "password/set/": "account_set_password",
    "confirm-email/": "account_email_verification_sent",
    "3rdparty/": "socialaccount_connections",
}

urlpatterns = [
    *(path(address, views.shut, name=name) for address, name in SHUT.items()),
    re_path(r"^confirm-email/(?P<key>[-:\w]+)/$", views.shut, name="account_confirm_email"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>set-password)/$",
        views.reset_password,
        name="account_new_password",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.begin_reset,
        name="account_reset_password_from_key",
    ),
    path("login/", to_x(views.login), name="account_login"),
    path("me/", to_x(views.me), name="account_me"),
    path("me/end/<uuid:pk>/", views.end_session, name="account_end_session"),
    path("me/delete/", views.delete_account, name="account_delete"),
    path("twitter_oauth2/login/", to_x(xlogin.login), name="twitter_oauth2_login"),
    path("twitter_oauth2/login/callback/", xlogin.callback, name="twitter_oauth2_callback"),
    path("invitation/<str:token>/", invited.invitation, name="account_invitation"),
    path("invited/", invited.choose, name="account_invited"),
    path("invited/app/", with_code(invited.app), name="account_invited_app"),
    path("invited/passkey/", invited.passkey, name="account_invited_passkey"),
    path("2fa/totp/activate/", with_code(second_factor.SetUpApp.as_view()), name="mfa_activate_totp"),
    path("2fa/webauthn/add/", second_factor.SetUpKey.as_view(), name="mfa_add_webauthn"),
    path("", include("allauth.urls")),
]
