"""The site's own settings, and the one thing that only a demo does."""

from config.settings import *  # noqa: F403
from config.settings import MIDDLEWARE as OF_THE_SITE

# After the first, by which health pages answer to any name.
MIDDLEWARE = [OF_THE_SITE[0], "demo.middleware.one_name_for_this_machine", *OF_THE_SITE[1:]]
