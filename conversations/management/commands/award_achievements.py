from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from tqdm import tqdm

from conversations import awarding


class Command(BaseCommand):
    help = "Award each learner the achievements that their rows prove; safe to repeat."

    def handle(self, *args, **options):
        learners = get_user_model().objects.order_by("pk")
        seen = given = 0
        for learner in tqdm(
            learners.iterator(), unit=" learners", total=learners.count(), disable=None
        ):
            seen += 1
            given += len(awarding.award(learner))
        self.stdout.write(f"{seen} learners checked, {given} achievements awarded.")
