import itertools

from django.core.management.base import BaseCommand, CommandError

from conversations import grammar
from conversations.feedback import categories, rules
from conversations.models import GrammarChart, Scenario
from conversations.tutors import asking, content, hearing, remembering
from lingo.content import MalformedContent
from lingo.languages import LANGUAGES
from progress import achievements
from vocabulary.entries import Entry
from vocabulary.glossary import LICENCE, LINGO
from vocabulary.models import Gloss


class Command(BaseCommand):
    help = (
        "Load the guided tutor's scenarios, what the words of its content mean, and "
        "the grammar charts; check its topics and common phrases, the rules of common "
        "errors, and the achievements."
    )

    def handle(self, *args, **options):
        try:
            achievements.catalogue()
            content.common()
            asking.asking()
            remembering.told()
            hearing.apart()
            topics = content.checked("topics", content.TopicContent)
            scenarios = content.checked("scenarios", content.ScenarioContent)
            charts = list(grammar.charts())
            categories.names()
            count = sum(len(of_language) for _, of_language in rules.files())
        except MalformedContent as error:
            raise CommandError(str(error)) from error
        for slug, scenario in scenarios.items():
            Scenario.objects.load(slug, scenario)
        load_glosses([*scenarios.values(), *topics.values()])
        for language, slug, chart in charts:
            if not GrammarChart.objects.load(language, slug, chart):
                self.stdout.write(f"The chart {language}/{slug} was edited, and stays.")
        self.stdout.write(
            f"{len(scenarios)} scenarios, {len(topics)} topics and {len(charts)} "
            f"grammar charts loaded, {count} rules of common errors checked."
        )


def load_glosses(contents):
    """Make each word of these contents a gloss, from each language to each other."""
    words = [word for content in contents for word in content.word]
    for language, native_language in itertools.permutations(LANGUAGES, 2):
        entries = [Entry(word[language], [[word[native_language]]]) for word in words]
        Gloss.objects.load(LINGO, LICENCE, language, native_language, entries)
