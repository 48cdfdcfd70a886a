"""The site's own settings, and the one thing that only a demo does."""

from config.settings import *  # noqa: F403
from config.settings import MIDDLEWARE as OF_THE_SITE

# After the one by which health pages answer to any name.
_after = OF_THE_SITE.index("core.web.middleware.health_by_any_name") + 1
MIDDLEWARE = [*OF_THE_SITE[:_after], "demo.middleware.one_name_for_this_machine", *OF_THE_SITE[_after:]]
