"""A scenario as a learner writes one: as JSON, and as the form sends it."""

from conversations import own_scenario
from conversations.models import Scenario


def own_data(**changes):
    """One in Spanish, told in English, of two phases with three objectives."""
    return {
        "format": "lingo-scenario",
        "slug": "own-bakery",
        "language": "es",
        "native_language": "en",
        "category": "shopping",
        "level": "beginner",
        "title": "At the bakery",
        "setting": "You want bread for breakfast.",
        "tutor_role": "the baker",
        "learner_role": "a customer",
        "phases": [
            {
                "title": "Ordering",
                "objectives": [
                    {
                        "title": "Order bread",
                        "hint": "Say what you want.",
                        "ask": ["¿Qué quiere?", "Dígame."],
                        "answers": ["un pan|una barra", "dos panes"],
                        "model": "Quiero un pan, por favor.",
                        "recast": ["{answer}, muy bien."],
                    },
                    {
                        "title": "Say your name",
                        "hint": "Say who you are.",
                        "ask": ["¿Cómo se llama?"],
                        "answers": ["me llamo …"],
                        "model": "Me llamo Ana.",
                        "recast": [],
                    },
                ],
            },
            {
                "title": "Paying",
                "objectives": [
                    {
                        "title": "Pay by card",
                        "hint": "Say how you pay.",
                        "ask": ["¿Cómo paga?"],
                        "answers": ["tarjeta", "efectivo"],
                        "model": "Con tarjeta.",
                        "recast": [],
                    }
                ],
            },
        ],
        "closing": ["¡Hasta mañana!"],
        "words": [
            {"text": "pan", "translation": "bread"},
            {"text": "tarjeta", "translation": "card"},
        ],
        "phrases": [{"text": "¿Algo más?", "translation": "Anything else?"}],
        "culture": "Bread is bought every day.",
        **changes,
    }


def objective(**changes):
    """The first objective, with changes."""
    return own_data()["phases"][0]["objectives"][0] | changes


def with_objective(**changes):
    """One of a single phase with a single objective."""
    phases = [{"title": "Ordering", "objectives": [objective(**changes)]}]
    return own_data(phases=phases)


def own(learner, **changes):
    """Save one for the learner; return its current version."""
    made = own_scenario.read(own_data(**changes))
    return Scenario.objects.write(learner, [made])[0]


def as_form(data=None, **changes):
    """Return what the form sends for these data; `changes` are of its fields."""
    data = data or own_data()
    sent = {
        name: data[name]
        for name in (
            *("slug", "language", "native_language", "category", "level"),
            *("title", "setting", "tutor_role", "learner_role", "culture"),
        )
    }
    for name in ("words", "phrases"):
        pairs = [f"{one['text']} = {one['translation']}" for one in data[name]]
        sent[name] = "\n".join(pairs)
    sent["closing"] = "\n".join(data["closing"])
    at = 0
    for phase in data["phases"]:
        for place, one in enumerate(phase["objectives"]):
            texts = {"phase": "" if place else phase["title"], **one}
            for name, text in texts.items():
                is_list = isinstance(text, list)
                sent[f"objective-{at}-{name}"] = "\n".join(text) if is_list else text
            at += 1
    management = {"objective-TOTAL_FORMS": at, "objective-INITIAL_FORMS": 0}
    return {**sent, **management, **changes}
