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
# Every opening with every fact and every ask gives a sample, and each reads as somebody would say it.
EXAMPLE_PARTS = {
    "opening": [
        "I grew up swimming in the Example River.",
        "My kids ask why the fish died, and I have no answer.",
        "We drink from this river every day.",
        "Dead fish in spring, and not a word since.",
    ],
    "fact": [
        "The water was tested months ago.",
        "There is a report, and we all paid for it.",
        "Nobody outside the ministry has seen the results.",
    ],
    "ask": [
        "{target}, please publish the water report.",
        "Please let us read the report, {target}.",
        "{target}, what does the report say?",
        "When will you publish the report, {target}?",
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


# Name, comment, and what a moderator made of it: (name, comment, "approved" | "declined" | "waiting"); all of them invented.
VOICES = [
    ("Amina B.", "My children learned to swim in this river. I want to know what they swam in.", "approved"),
    ("Tom H.", "We paid for this report with our taxes. It belongs to us.", "approved"),
    (
        "Lucía Fernández",
        "Mi abuelo pescaba aquí cada domingo. Ya no queda nadie que pesque, y nadie nos dice por qué.",
        "approved",
    ),
    ("Claire D.", "Un rapport qu’on cache est un rapport qui inquiète.", "approved"),
    ("Yusuf", "أسكن على ضفة النهر منذ أربعين سنة، ومن حقي أن أعرف ما في مائه.", "approved"),
    ("Dr. Mehta", "I test water for a living. Without the raw figures nobody can say whether it is safe.", "approved"),
    ("Ingrid", "I cross the bridge every morning. On some days you can smell that something is wrong.", "approved"),
    ("Paulo", "If all is well, publish it and we will all be glad.", "approved"),
    ("Nuala O’Brien", "The school by the weir has stopped its river days. Nobody would sign off the risk.", "approved"),
    ("R. Okafor", "I asked for the report in writing, twice. I am still waiting.", "approved"),
    ("Maya", "Clean water is not a secret.", "approved"),
    ("Henk", "Open it. Whole, please, without the black bars.", "approved"),
    ("Sofía", "Por el río, y por quienes viven de él.", "waiting"),
    ("Jean-Marc", "Je signe pour que mes petits-enfants puissent s’y baigner.", "waiting"),
    ("Layla", "لأن الماء حق للجميع.", "waiting"),
    ("K. Brandt", "I run the boat hire. People ask me every day, and I have no answer.", "waiting"),
    ("Bargain Pumps", "Best pumps in town, order today!", "declined"),
]
