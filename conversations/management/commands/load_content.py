from django.core.management.base import BaseCommand, CommandError

from conversations.models import Scenario
from conversations.tutors import content


class Command(BaseCommand):
    help = "Load the guided tutor's scenarios; check its topics and common phrases."

    def handle(self, *args, **options):
        try:
            content.common()
            topics = content.topics()
            scenarios = dict(content.scenarios())
        except content.MalformedContent as error:
            raise CommandError(str(error)) from error
        for slug, scenario in scenarios.items():
            Scenario.objects.load(slug, scenario)
        self.stdout.write(
            f"{len(scenarios)} scenarios and {len(topics)} topics loaded."
        )
