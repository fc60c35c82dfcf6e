"""The page of one word, which talk opens beside itself."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from conversations import talk, words
from conversations.forms import SeenForm, WordForm
from conversations.models import ConversationMessage
from lingo.languages import LANGUAGES
from vocabulary import lexicon
from vocabulary.managers import WORD_LENGTH

# What each act says once it is done.
DONE = {
    "add": "“{}” is in your vocabulary.",
    "known": "“{}” counts as known.",
    "ignored": "“{}” is ignored.",
    "forget": "“{}” has no mark any more.",
}


@require_http_methods(["GET", "HEAD", "POST"])
def detail(request, language, word):
    """Show the word; with htmx or `words.js` only the part that stands beside talk.

    The query says where it was seen: `in` which conversation, `at` which position.
    """
    if language not in LANGUAGES or len(lexicon.lemma(word, language)) > WORD_LENGTH:
        raise Http404("There is no such word.")
    learner, seen = request.user, _seen(request, language)
    form = WordForm(request.POST if request.method == "POST" else None)
    done = ""
    if form.is_valid():
        _act(learner, language, word, seen, form.cleaned_data["act"])
        done = DONE[form.cleaned_data["act"]].format(word)
        if not request.htmx:
            messages.success(request, done)
            back = talk.address_of(seen) if seen else request.get_full_path()
            return redirect(back)
    context = {
        **words.look_up(learner, language, word, seen),
        "language_name": LANGUAGES[language].name,
        "conversation": seen and seen.conversation,
        "back": seen and talk.address_of(seen),
        "form": form,
        "done": done,
    }
    template = "conversations/_word.html" if request.htmx else "conversations/word.html"
    is_refused = form.is_bound and not form.is_valid()
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
    return render(request, template, context, status=status)


def _act(learner, language, word, seen, act):
    if act == "add":
        words.add(learner, language, word, seen)
    else:
        words.put_mark(learner, language, word, None if act == "forget" else act)


def _seen(request, language):
    """Return the learner's message that the query names, or None."""
    form = SeenForm({"id": request.GET.get("in"), "position": request.GET.get("at")})
    if not form.is_valid():
        return None
    mine = ConversationMessage.objects.for_learner(request.user)
    return (
        mine.filter(
            conversation__learner=request.user,
            conversation__conversation_id=form.cleaned_data["id"],
            conversation__language=language,
            position=form.cleaned_data["position"],
        )
        .select_related("conversation")
        .first()
    )
