from django_filters import rest_framework as filters

from conversations.models import Conversation, ConversationMessage, Scenario
from lingo import languages


class ConversationFilter(filters.FilterSet):
    language = filters.ChoiceFilter(choices=languages.CHOICES)
    status = filters.ChoiceFilter(choices=Conversation.Status.choices)
    scenario = filters.ModelChoiceFilter(
        queryset=lambda request: Scenario.objects.offered_to(request.user),
        to_field_name="slug",
        method="by_scenario",
    )
    search = filters.CharFilter(method="by_text", label="In title and messages.")

    def by_scenario(self, conversations, name, scenario):
        """Those that play any version of it."""
        return conversations.filter(scenario__slug=scenario.slug)

    def by_text(self, conversations, name, text):
        return conversations.search(text)


class MessageFilter(filters.FilterSet):
    role = filters.ChoiceFilter(choices=ConversationMessage.Role.choices)
    after = filters.NumberFilter(
        field_name="position", lookup_expr="gt", min_value=0, max_value=2**31 - 1
    )
