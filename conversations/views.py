"""Conversations, and the talk itself: what each page shows."""

from functools import partial
from http import HTTPStatus
from math import ceil

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.template.defaultfilters import pluralize
from django.views.decorators.http import (
    require_http_methods,
    require_safe,
)
from django_htmx.http import reswap, retarget, trigger_client_event

from conversations import (
    errors,
    lifecycle,
    speaking,
    streaming,
    talk,
    turn_taking,
    tutors,
)
from conversations.forms import (
    AfterForm,
    BeforeForm,
    ConversationFilterForm,
    ConversationForm,
    MessageForm,
)
from conversations.models import Conversation, ConversationMessage
from conversations.models.conversation import new_conversation_id
from conversations.recommending import recommend
from lingo.api.throttling import TurnThrottle
from lingo.languages import Level

Status = Conversation.Status

PAGE = 20
SILENT = "The tutor is silent just now. You can begin."

STATUS_OF = {
    errors.ConversationNotFound: HTTPStatus.NOT_FOUND,
    errors.ConversationNotActive: HTTPStatus.CONFLICT,
    errors.ForbiddenMove: HTTPStatus.CONFLICT,
    errors.ClientIdTaken: HTTPStatus.CONFLICT,
}


@require_safe
def conversation_list(request):
    form = ConversationFilterForm(request.GET)
    found = form.conversations_of(request.user)
    pages = Paginator(found.with_last_message(), PAGE)
    context = {
        "form": form,
        "page": pages.get_page(request.GET.get("page")),
        "minutes": form.minutes_of(request.user, found),
    }
    return render(request, "conversations/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request):
    if request.method == "POST":
        form = ConversationForm(request.POST, learner=request.user)
        if form.is_valid():
            return _begin(request, form.conversation_fields())
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    else:
        initial = ConversationForm.initial_for(request.user)
        wished = {name: request.GET[name] for name in initial if name in request.GET}
        about = {"about": request.GET.get("about", "")}
        form = ConversationForm(
            initial={**initial, **about, **wished}, learner=request.user
        )
        status = HTTPStatus.OK
    return render(request, "conversations/create.html", {"form": form}, status=status)


def _begin(request, fields):
    try:
        conversation, _ = Conversation.objects.begin(request.user, **fields)
    except errors.ScenarioNotFound as error:
        messages.error(request, str(error))
        return redirect("conversations:scenario-list")
    conversation.learner = request.user
    is_quick = tutors.tutor_of(conversation).answers_at_once
    if is_quick and not conversation.message_count:
        try:
            turn_taking.open_talk(conversation)
        except errors.TutorFailed:
            messages.warning(request, SILENT)
    return redirect(conversation)  # where a slow one is waited for


@require_safe
def detail(request, conversation_id):
    conversation = conversation_of(request, conversation_id)
    form = BeforeForm(request.GET)
    before = form.cleaned_data["before"] if form.is_valid() else None
    return talk_page(request, conversation, before=before)


@require_http_methods(["GET", "HEAD", "POST"])
def turn_open(request, conversation_id):
    """Have the tutor speak first, where nobody has spoken yet."""
    conversation = conversation_of(request, conversation_id)
    if request.method != "POST":
        return redirect(conversation)
    failure, status = "", HTTPStatus.OK
    wait = _wait(request)
    if wait:
        failure = f"That was fast. Try again in {wait}."
        status = HTTPStatus.TOO_MANY_REQUESTS
    elif conversation.message_count == 0 and conversation.is_active:
        if _streams(request, conversation):
            return _streamed_opening(request, conversation)
        try:
            turn_taking.open_talk(conversation)
        except errors.TutorFailed:
            failure, status = SILENT, HTTPStatus.SERVICE_UNAVAILABLE
    if request.htmx:
        return _turn(request, conversation, 0, failure, status)
    if failure:
        return talk_page(request, conversation, failure=failure, status=status)
    return _to_latest(conversation)


@require_http_methods(["GET", "HEAD", "POST"])
def turn_create(request, conversation_id):
    """Take a turn; where it can't be taken, the text stays in the box."""
    conversation = conversation_of(request, conversation_id)
    if request.method != "POST":  # after signing in again
        return redirect(conversation)
    form = MessageForm(request.POST)
    if not form.is_valid():
        return _refuse(request, conversation, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    wait = _wait(request)
    if wait:
        form.add_error(None, f"That was fast. Send it again in {wait}.")
        return _refuse(request, conversation, form, HTTPStatus.TOO_MANY_REQUESTS)
    client_id = form.cleaned_data["client_id"]
    failure = None
    try:
        if _streams(request, conversation):
            return _streamed_turn(request, conversation, form.cleaned_data)
        turn_taking.take_turn(
            conversation, form.cleaned_data["content"], client_id=client_id
        )
    except errors.TutorFailed as error:
        failure = str(error)
    except errors.ConversationError as error:
        form.add_error(None, str(error))
        return _refuse(request, conversation, form, STATUS_OF[type(error)])
    status = HTTPStatus.SERVICE_UNAVAILABLE if failure else HTTPStatus.OK
    if request.htmx:
        after = form.cleaned_data["after"] or 0
        response = _turn(request, conversation, after, failure, status)
        return trigger_client_event(response, "lingo:said", {"client_id": client_id})
    if failure:
        return talk_page(request, conversation, failure=failure, status=status)
    return _to_latest(conversation)


@require_http_methods(["GET", "HEAD", "POST"])
def turn_retry(request, conversation_id, position):
    """Ask the tutor once more to answer a message that is kept without an answer."""
    conversation = conversation_of(request, conversation_id)
    if request.method != "POST":
        return redirect(conversation)
    said = get_object_or_404(
        ConversationMessage.objects.of(conversation),
        position=position,
        role=ConversationMessage.Role.USER,
    )
    said.conversation = conversation
    form = AfterForm(request.POST)
    after = (form.is_valid() and form.cleaned_data["after"]) or said.position
    failure, status = None, HTTPStatus.OK
    wait = _wait(request)
    if wait:
        failure = f"That was fast. Try again in {wait}."
        status = HTTPStatus.TOO_MANY_REQUESTS
    elif _streams(request, conversation):
        return _streamed(request, said, after)
    else:
        try:
            turn_taking.answer(said)
        except errors.TutorFailed as error:
            failure, status = str(error), HTTPStatus.SERVICE_UNAVAILABLE
        except errors.ConversationNotFound as error:
            raise Http404(str(error)) from error
    if request.htmx:
        return _turn(request, conversation, after, failure, status)
    if failure:
        return talk_page(request, conversation, failure=failure, status=status)
    return _to_latest(conversation)


@require_safe
def earlier(request, conversation_id):
    """The messages before a position: a part of the talk page, for scrolling up."""
    conversation = conversation_of(request, conversation_id)
    form = BeforeForm(request.GET)
    if not form.is_valid():
        raise Http404("There is no such part of the conversation.")
    before = form.cleaned_data["before"]
    if not request.htmx:
        address = f"{conversation.get_absolute_url()}?before={before}"
        return HttpResponseRedirect(address)
    shown, has_earlier = talk.latest(conversation, before)
    context = {
        "conversation": conversation,
        "shown": shown,
        "has_earlier": has_earlier,
    }
    return render(request, "conversations/_earlier.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def move(request, conversation_id, status):
    conversation = conversation_of(request, conversation_id)
    if request.method != "POST":
        return redirect(conversation)
    try:
        lifecycle.move(conversation, status)
    except errors.ConversationNotFound as error:
        raise Http404(str(error)) from error
    except errors.ForbiddenMove as error:
        return talk_page(
            request, conversation, failure=str(error), status=HTTPStatus.CONFLICT
        )
    if status == Status.COMPLETED:
        return redirect("conversations:summary", conversation_id)
    if status == Status.ARCHIVED:
        messages.success(request, f"“{conversation.title}” is archived.")
        return redirect("conversations:list")
    return _to_latest(conversation)


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request, conversation_id):
    conversation = conversation_of(request, conversation_id)
    if request.method != "POST":
        context = {"conversation": conversation}
        return render(request, "conversations/delete.html", context)
    try:
        lifecycle.delete(conversation)
    except errors.ConversationNotFound as error:
        raise Http404(str(error)) from error
    messages.success(request, f"“{conversation.title}” is deleted.")
    return redirect("conversations:list")


@require_safe
def summary(request, conversation_id):
    return summary_page(request, conversation_of(request, conversation_id))


def conversation_of(request, conversation_id):
    mine = Conversation.objects.for_learner(request.user).select_related("scenario")
    conversation = get_object_or_404(mine, conversation_id=conversation_id)
    conversation.learner = request.user
    return conversation


def talk_page(request, conversation, *, before=None, form=None, failure="", status=200):
    shown, has_earlier = talk.latest(conversation, before)
    context = {
        "conversation": conversation,
        "shown": shown,
        "has_earlier": has_earlier,
        "before": before,
        "run": talk.run_of(conversation),
        "woven": talk.woven_in(conversation),
        "form": form or _next_message(shown),
        "failure": failure,
    }
    return render(request, "conversations/detail.html", context, status=status)


def summary_page(request, conversation, *, failure="", status=HTTPStatus.OK):
    context = {
        "conversation": conversation,
        "failure": failure,
        "recommended": [] if conversation.is_open else _recommended(conversation),
        "corrected": talk.corrected(conversation),
        "speaking": speaking.of(conversation),
        **talk.summary(conversation),
    }
    return render(request, "conversations/summary.html", context, status=status)


def _recommended(conversation):
    level = conversation.vocabulary_level or Level.BEGINNER
    learner, language = conversation.learner, conversation.language
    return recommend(learner, language, level, after=conversation.scenario)


def _turn(request, conversation, after, failure, status):
    """The part of the page that a turn changes: what was said since `after`."""
    shown = talk.since(conversation, after)
    said = {message.pk for message in shown}
    replies = {message.in_reply_to_id for message in shown}
    context = {
        "conversation": conversation,
        "shown": shown,
        "answered": replies - said - {None},
        "run": talk.run_of(conversation),
        "woven": talk.woven_in(conversation),
        "form": _next_message(shown),
        "failure": failure,
    }
    return render(request, "conversations/_turn.html", context, status=status)


def _streams(request, conversation):
    """Whether the tutor is slow, and the page shows its reply as it is written."""
    reads_events = "text/event-stream" in request.headers.get("Accept", "")
    is_slow = not tutors.tutor_of(conversation).answers_at_once
    return request.htmx and reads_events and is_slow


def _streamed_turn(request, conversation, sent):
    """Keep the message, and stream its reply.

    Raises what `ConversationMessage.objects.say` raises.
    """
    say, client_id = ConversationMessage.objects.say, sent["client_id"]
    said, _ = say(conversation, sent["content"], client_id=client_id)
    response = _streamed(request, said, sent["after"] or 0)
    return trigger_client_event(response, "lingo:said", {"client_id": client_id})


def _streamed(request, said, after):
    """Stream the reply as it is written, then what the page hasn't got yet."""

    def finish(error):
        failure = str(error or "")
        return _turn(request, said.conversation, after, failure, HTTPStatus.OK).text

    return streaming.respond(partial(turn_taking.answer, said), finish)


def _streamed_opening(request, conversation):
    def finish(error):
        failure = SILENT if error else ""
        return _turn(request, conversation, 0, failure, HTTPStatus.OK).text

    return streaming.respond(partial(turn_taking.open_talk, conversation), finish)


def _next_message(shown):
    after = shown[-1].position if shown else 0
    return MessageForm(initial={"client_id": new_conversation_id(), "after": after})


def _refuse(request, conversation, form, status):
    if not request.htmx:
        if status == HTTPStatus.NOT_FOUND:
            raise Http404
        return talk_page(request, conversation, form=form, status=status)
    context = {"form": form}
    response = render(request, "conversations/_refusal.html", context, status=status)
    return reswap(retarget(response, "#message-refusal"), "innerHTML")


def _wait(request):
    """Return how long the learner must wait before the next turn, in words, or ""."""
    throttle = TurnThrottle()
    if throttle.allow_request(request, None):
        return ""
    seconds = ceil(throttle.wait() or 1)
    return f"{seconds} second{pluralize(seconds)}"


def _to_latest(conversation):
    return HttpResponseRedirect(f"{conversation.get_absolute_url()}#latest")
