from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        from allauth.socialaccount.providers.twitter_oauth2.provider import TwitterOAuth2Provider

        from accounts import recovering, roles, xlogin  # noqa: F401 - the first registers itself

        TwitterOAuth2Provider.oauth2_adapter_class = xlogin.XLoginAdapter

        post_migrate.connect(roles.write_groups, sender=self, dispatch_uid="roles")
