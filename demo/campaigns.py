"""What the demo shows, as data: the Bahrain case of 2011, closed, and an invented campaign that is live."""

from __future__ import annotations

import base64
import time
from dataclasses import dataclass

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

STAFF = "staff@example.org"
BAHRAIN = "statedept-bahrain"


@dataclass(frozen=True)
class Example:
    slug: str
    hashtag: str
    handle: str


EXAMPLE = Example(slug="open-the-river-report", hashtag="OpenTheRiverReport", handle="xmpl_ministry")

BAHRAIN_NOTICE = (
    "A real campaign of 2011, retold. **Facts:** Amnesty International USA asked its supporters on 15 June 2011 to tweet at "
    "@StateDept about the trials of opposition figures in Bahrain; the press release and the blog posts of 14 June; the two "
    "demands; several thousand people who tweeted, more than 16,000 who signed; Assistant Secretary Posner answered in public; "
    "no high-level representative came. **Invented for this demo:** the exact numbers, their hours and countries, the two "
    "goals, the pledges, the headline, the words of the petition, the time of day of each moment and the day of the answer."
)
BAHRAIN_STORY = """\
In June 2011 opposition figures stood trial in Bahrain. The United States had a voice there that would be heard, and had not used it in public.

So supporters were asked to say one thing, on one day, to one office: the Department of State. It had a name on Twitter, @StateDept, and everybody could read what was said to it.

The title of the blog post that asked for it was itself a tweet with the target's handle: whoever shared the post took part.
"""
BAHRAIN_RECAP = """\
## One day
On 14 June 2011 a press release and blog posts with sample tweets went out. On 15 June several thousand people tweeted at @StateDept, and more than 16,000 signed.

## What the target said
The State Department answered. Assistant Secretary Posner spoke about the trials in public, and the tweets and answers were collected and shown to everyone who had taken part.

## What was reached, and what was not
The first demand, a public response, was **answered**. The second was not met: no high-level representative of the United States went to the trials.

*The exact words of the answer are not part of this demo, and neither are the tweets: none of them is ours to show.*
"""

EXAMPLE_NOTICE = (
    "**Everything in this campaign is invented:** the ministry, the river, the people and the tweets, which a simulator "
    "on this machine makes up. Please do not post its texts."
)
EXAMPLE_STORY = """\
Fish died in the Example River in spring. The Ministry of Examples had the water tested, and has kept the report to itself since.

People drink from this river. They have a right to know what is in it, and the ministry can publish the report with one signature of its own.
"""
# Every opening with every ask gives a sample: the tweet action puts them together.
EXAMPLE_PARTS = {
    "opening": [
        "What is in our river?",
        "We drink from this river.",
        "The fish are gone.",
        "A report that nobody may read:",
    ],
    "ask": [
        "Publish the water report, .{target}.",
        ".{target}, open what you have on the Example River.",
        "Let us read what you know, .{target}.",
        "It is time to publish it, .{target}.",
        "One signature of yours is enough to open it, .{target}.",
        "Whoever drinks has a right to know, .{target}.",
    ],
}
EXAMPLE_RELEASE = """\
**The Ministry of Examples keeps a report on the water of the Example River to itself.** More than a thousand people have asked for it by name.

On the day of action everybody will ask at once, in public and in their own words.
"""
EXAMPLE_FACTS = """\
- Fish died in spring (invented).
- The ministry ordered the report, and alone decides whether it is published (invented).
"""


def code(secret: str) -> str:
    """The second factor's six digits for this half minute."""
    return TOTP(base64.b32decode(secret), 6, SHA1(), 30).generate(int(time.time())).decode()
