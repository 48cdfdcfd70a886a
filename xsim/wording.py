"""Invented people and sentences for the demo. Nobody and nothing in them is real."""

from random import Random

_ANIMALS = "otter heron badger lynx magpie hedgehog salmon beetle marmot swift newt ibis".split()  # noqa: SIM905
_OPENINGS = (
    "Please answer us.",
    "A public answer would help.",
    "We are still waiting & counting.",
    "One clear sentence is enough.",
    "Good morning!",
    'You said "soon".',
    "I signed, and I am asking too.",
    "My neighbours ask me about this every day.",
    "It is never too late to reply <3",
    "Adding my voice 🌱",
)
_ASKS = (
    "When will you publish the plan?",
    "What is the next step?",
    "Will you meet the people who wrote to you?",
    "Who is in charge of this?",
    "Could you name a date?",
    "Why has nobody heard back?",
    "How can we see the figures?",
)
_CLOSINGS = ("", "Thank you.", "Kind regards from a sample town.", "I will ask again tomorrow.", "¡Gracias!")
_ANSWERS = (
    "Thank you for asking. We have read this and will publish an answer.",
    "We hear you. The responsible office will reply in public.",
    "The date is being settled; we will post it here.",
    "Thank you, we are collecting the questions and will take them one by one.",
)


def person(number: int) -> tuple[str, str]:
    """(username, display name) of the invented user with this number."""
    animal = _ANIMALS[number % len(_ANIMALS)]
    return f"demo_{animal[:6]}{number:03d}", f"Demo {animal.title()} {number}"


def supporter_text(random: Random, mention: str) -> str:
    parts = [random.choice(_OPENINGS), random.choice(_ASKS), random.choice(_CLOSINGS)]
    parts.insert(random.randrange(1, 3), mention)
    return " ".join(part for part in parts if part)


def answer_text(number: int) -> str:
    return _ANSWERS[number % len(_ANSWERS)]
