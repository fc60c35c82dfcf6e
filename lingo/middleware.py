from django.utils import timezone


def learner_time_zone(get_response):
    """Show times in the learner's own zone."""

    def middleware(request):
        if request.user.is_authenticated:
            timezone.activate(request.user.zone)
        else:
            timezone.deactivate()
        return get_response(request)

    return middleware
